"""What a launcher is told to run for an app."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from hothouse.apps.builds import KINDS, argv, extra_env
from hothouse.apps.manifests import Manifest
from hothouse.apps.reconciler.paths import AppPaths
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.sealed import place_of
from hothouse.broker.errors import ListenError
from hothouse.broker.listeners import make_socket_folder
from hothouse.database.connection import Document
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Limits, Mount, WorkloadSpec
from hothouse.settings import Settings

HOST = "127.0.0.1"
GRACE_SECONDS = 3.0
OTHER_APP = "{app}"
"""What stands for the slug in the pattern of apps' addresses."""
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of an app: which release, as which workload and user, with which password and token."""

    app: Document
    release: Document
    workload: Document
    source: Path
    uid: int | None
    password: str
    token: str

    @property
    def manifest(self) -> Manifest:
        return Manifest.model_validate_json(self.release["manifest"])

    @property
    def environment(self) -> Path:
        return Path(self.release["environment"])


def make_spec(context: AppsContext, start: Start) -> WorkloadSpec:
    """Return what to run. The workspace and the app's copy of the source are all it can write to."""
    manifest, port = start.manifest, start.workload["port"]
    workspace = AppPaths.of(context.settings.home, start.app["_id"]).home
    workspace.mkdir(parents=True, exist_ok=True)
    public_url = context.settings.app_url(start.app["slug"])
    return WorkloadSpec(
        workload_id=start.workload["_id"],
        argv=argv(manifest, start.environment, port, HOST, public_url=public_url),
        env=environment_of(context, start, workspace),
        cwd=start.source,
        mounts=(
            Mount(source=start.environment),
            Mount(source=start.source, writable=True),
            Mount(source=workspace, writable=True),
            *broker_mounts(context.settings),
        ),
        limits=limits_of(manifest),
        uid=start.uid,
        grace_seconds=GRACE_SECONDS,
    )


def environment_of(context: AppsContext, start: Start, workspace: Path) -> dict[str, str]:
    """Return the whole environment of a workload; what the platform sets cannot be overridden."""
    app, manifest = start.app, start.manifest
    secrets = {name: context.secrets.open(sealed, place_of(app, name)) for name, sealed in app["secrets"].items()}
    return {
        **extra_env(manifest, start.source),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        **manifest.env,
        **app["env"],
        **secrets,
        "HOME": str(workspace),
        "TMPDIR": "/tmp",  # noqa: S108 -- private to the workload in its sandbox
        "PATH": f"{start.environment / 'bin'}:{SYSTEM_PATH}",
        "VIRTUAL_ENV": str(start.environment),
        "HOST": HOST,
        "PORT": str(start.workload["port"]),
        "HOTHOUSE_APP": app["slug"],
        "HOTHOUSE_APP_TOKEN": start.token,
        "HOTHOUSE_APPS_URL": context.settings.app_url(OTHER_APP),
        "HOTHOUSE_URL": context.settings.main_url,
        "HOTHOUSE_DATABASE_URI": database_uri(context.settings, start),
    }


def database_uri(settings: Settings, start: Start) -> str:
    """Return the URI of the app's data sandbox, with this workload's own credential."""
    broker, database = settings.broker, start.app["database"]
    options = {"authSource": database, "directConnection": "true", "authMechanism": "SCRAM-SHA-256"}
    if broker.transport == "unix":
        address = quote(str(settings.broker_socket), safe="")
    else:
        address = broker.advertise or f"{broker.host}:{broker.port}"
        if broker.tls_certificate is not None:
            options["tls"] = "true"
        if broker.tls_ca is not None:
            options["tlsCAFile"] = str(broker.tls_ca)
    login = f"{start.workload['_id']}:{quote(start.password, safe='')}"
    return f"mongodb://{login}@{address}/{database}?{urlencode(options, quote_via=quote)}"


def broker_mounts(settings: Settings) -> tuple[Mount, ...]:
    """Return what a workload must see to reach the broker.

    It is the folder of the socket, not the socket, so that a workload finds that of a broker which started anew.

    Raises: LaunchError.
    """
    broker = settings.broker
    if broker.transport == "unix":
        try:
            return (Mount(source=make_socket_folder(settings.broker_socket)),)
        except ListenError as error:
            raise LaunchError(str(error)) from error
    return (Mount(source=broker.tls_ca),) if broker.tls_ca is not None else ()


def limits_of(manifest: Manifest) -> Limits:
    """Return the limits of a workload: those of the manifest, or else of its kind."""
    resources, kind = manifest.resources, KINDS[manifest.kind]
    return Limits(
        cpu=resources.cpu,
        memory_bytes=resources.memory or kind.memory_bytes,
        processes=resources.processes or kind.processes,
        file_bytes=resources.disk,
    )


@dataclass(frozen=True, slots=True)
class Health:
    """How to tell that a workload is ready: the path to ask, for how long, and from which status on it is not."""

    path: str
    timeout_seconds: float
    bad_from: int


def health_of(manifest: Manifest) -> Health:
    """Return how an app's readiness is told.

    Where neither the manifest nor the kind names a path made for this, `/` is asked, and any answer of the app will
    do that is not an error of its own: many an API has nothing at `/`, or asks for a password there.
    """
    kind = KINDS[manifest.kind]
    path = manifest.health.path or kind.health_path
    is_guess = manifest.health.path is None and path == "/"
    timeout_seconds = float(manifest.health.timeout_seconds or kind.health_timeout_seconds)
    return Health(path, timeout_seconds, 500 if is_guess else 400)
