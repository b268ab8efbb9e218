"""What an environment's workloads are run from."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from hothouse.apps.reconciler.specs import SYSTEM_PATH, broker_mounts, database_uri
from hothouse.broker.credentials import CredentialStore
from hothouse.broker.limits import Limits as DataLimits
from hothouse.database.connection import Document
from hothouse.environments.people import uid_of
from hothouse.environments.schemas import Spec
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.service.starting import place_of
from hothouse.launch.interfaces import Limits, Mount, WorkloadSpec
from hothouse.secrets.personal.service import PersonalSecrets
from hothouse.workloads.interfaces import Health, Run, owner_key
from hothouse.workloads.networks import network_at

HOST = "127.0.0.1"
HOME = Path("/home/lab")
SEEDS, SECRETS = Path("/run/seeds"), Path("/run/secrets")
GRACE_SECONDS = 10.0
PROCESSES = 1024
HEALTH_SECONDS = 60.0
START = files("hothouse.environments.reconciler").joinpath("starting.sh").read_text()


def owner(environment: Document) -> str:
    """Return the key under which an environment's workloads are recorded."""
    return owner_key("environment", environment["_id"])


class EnvironmentRuns:
    """Prepares the starts of environments."""

    def __init__(
        self,
        context: EnvironmentsContext,
        credentials: CredentialStore,
        personal: PersonalSecrets,
        most_bytes: Callable[[str], Awaitable[int]],
    ) -> None:
        """Make it; `most_bytes` says how large the files of a workspace may become."""
        self._context = context
        self._most_bytes = most_bytes
        self._credentials = credentials
        self._personal = personal

    def of(self, environment: Document, workload: Document) -> Run:
        """Return what a workload of an environment is run from."""
        health = Spec.model_validate(environment["spec"]).health
        path = health.path or "/"
        return Run(
            host=urlsplit(self._context.settings.app_url(environment["slug"])).netloc,
            health=Health(path, health.timeout_seconds or HEALTH_SECONDS, 400 if health.path else 500),
            spec=partial(self._spec, environment, workload),
        )

    async def _spec(self, environment: Document, workload: Document) -> WorkloadSpec:
        """Prepare what a workload needs and return what to run. Its password is derived, so that it may be repeated."""
        context, spec = self._context, Spec.model_validate(environment["spec"])
        person = await context.owners.of(environment["owner_id"])
        uid = uid_of(context.settings, person)
        folder = await context.workspaces.prepare(environment["workspace_id"], uid)
        password = context.secrets.derive(f"workloads/{workload['_id']}")
        await self._credentials.issue(
            workload_id=workload["_id"],
            database=person["database"],
            password=password,
            limits=DataLimits.of_platform(context.settings.data),
        )
        database = database_uri(context.settings, person["database"], workload["_id"], password)
        own = await self._personal.for_workload(environment["owner_id"], workload)
        env = self._env(environment, spec, workload, database, own.env)
        place = Path(workload["environment"]) if workload["environment"] else None
        return WorkloadSpec(
            workload_id=workload["_id"],
            argv=("/bin/sh", "-c", START, "start", *_filled(spec.command, place, env)),
            env=env,
            cwd=HOME,
            mounts=(
                *((Mount(source=place),) if place else ()),
                Mount(source=folder, writable=True, is_limited=True, is_watched=True, target=HOME),
                *broker_mounts(context.settings),
            ),
            files=self._files(environment, spec, own.files),
            limits=Limits(
                cpu=spec.size.cpu,
                memory_bytes=spec.size.memory_bytes,
                gpus=spec.size.gpus,
                processes=PROCESSES,
                disk_bytes=await self._most_bytes(environment["workspace_id"]),
            ),
            network=network_at(context.settings, spec.port or workload["port"], outbound=spec.outbound),
            image=spec.image,
            minimum=context.minimum,
            uid=uid,
            grace_seconds=GRACE_SECONDS,
        )

    def _env(
        self, environment: Document, spec: Spec, workload: Document, database: str, own: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the whole environment; what the platform sets cannot be overridden."""
        settings, place = self._context.settings, workload["environment"]
        before, after = _around_packages(place) if place else ({}, {})
        return {
            "PYTHONUNBUFFERED": "1",
            **before,
            **own,
            **spec.env,
            "HOME": str(HOME),
            "TMPDIR": "/tmp",  # noqa: S108 -- private to the workload in its sandbox
            **after,
            "HOST": HOST,
            "PORT": str(spec.port or workload["port"]),
            "PUBLIC_HOST": urlsplit(settings.app_url(environment["slug"])).hostname or "",
            "HOTHOUSE_ENVIRONMENT": environment["slug"],
            "HOTHOUSE_URL": settings.main_url,
            "HOTHOUSE_DATABASE_URI": database,
            "HOTHOUSE_SEEDS": str(SEEDS),
            "HOTHOUSE_SECRETS": str(SECRETS),
            "HOTHOUSE_GIT_URL": spec.git_url or "",
            "HOTHOUSE_FOLDER": spec.folder,
        }

    def _files(self, environment: Document, spec: Spec, own: Mapping[str, bytes]) -> dict[str, str]:
        """Return what is shown beside the workspace; a secret of this environment goes before one of its owner."""
        secrets, identity = self._context.secrets, environment["_id"]
        given = {str(SEEDS / path): content for path, content in spec.files.items()}
        for path, value in own.items():
            given[str(SECRETS / path)] = value.decode("utf-8", "surrogateescape")
        for path, sealed in environment["secret_files"].items():
            given[str(SECRETS / path)] = secrets.open(sealed, place_of(identity, path))
        return given


def _around_packages(place: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return what can be overridden, and what cannot, for programs of packages: an image knows its own."""
    before = {
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash",
        # What `pip install` adds in a terminal is kept with the workspace; what is shared stays as it is.
        "PIP_TARGET": f"{HOME}/.packages",
        "PYTHONPATH": f"{HOME}/.packages",
    }
    path = f"{HOME}/.packages/bin:{HOME}/.local/bin:{place}/bin:{SYSTEM_PATH}"
    return before, {"PATH": path, "VIRTUAL_ENV": place}


def _filled(command: list[str], environment: Path | None, env: Mapping[str, str]) -> list[str]:
    """Fill in where to listen, and name the program by where it lies in the environment."""
    words = []
    for word in command:
        for name in ("PUBLIC_HOST", "PORT", "HOST", "HOME"):
            word = word.replace(f"${{{name}}}", env[name]).replace(f"${name}", env[name])  # noqa: PLW2901
        words.append(word)
    if environment is None:
        return words
    program = environment / "bin" / words[0]
    return [str(program) if "/" not in words[0] and program.exists() else words[0], *words[1:]]
