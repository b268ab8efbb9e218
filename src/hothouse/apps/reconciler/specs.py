"""What a launcher is told to run for an app."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlencode

from hothouse.apps.builds import KINDS, argv, extra_env, spare_argv, takes_socket
from hothouse.apps.manifests import Manifest
from hothouse.apps.reconciler.paths import AppPaths
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.limits import limits_of
from hothouse.apps.service.sealed import place_of
from hothouse.broker.errors import ListenError
from hothouse.broker.listeners import make_socket_folder
from hothouse.database.connection import Document
from hothouse.launch.errors import LaunchError
from hothouse.launch.interfaces import Minimum, Mount, WorkloadSpec
from hothouse.settings import Settings
from hothouse.workloads.interfaces import Health
from hothouse.workloads.networks import network_at

HOST = "127.0.0.1"
GRACE_SECONDS = 3.0
OTHER_APP = "{app}"
"""What stands for the slug in the pattern of apps' addresses."""
CREDENTIALS = ("HOTHOUSE_APP_TOKEN", "HOTHOUSE_DATABASE_URI")
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
            Mount(source=start.source, writable=True, is_limited=True),
            Mount(source=workspace, writable=True, is_limited=True),
            *broker_mounts(context.settings),
        ),
        limits=limits_of(manifest),
        network=network_at(
            context.settings,
            port,
            takes_socket=takes_socket(manifest, start.environment),
            outbound=manifest.network.outbound,
        ),
        uid=start.uid,
        grace_seconds=GRACE_SECONDS,
        minimum=Minimum(level=context.settings.launch.minimum_for("apps"), code="apps"),
    )


def make_spare(context: AppsContext, start: Start, told: Collection[str]) -> WorkloadSpec:
    """Return what to run to have a spare of an app: all as for the app, but for its credentials and what else it is
    `told` when it goes.
    """
    words = spare_argv(start.manifest, start.environment, start.workload["port"], HOST)
    spec = make_spec(context, start)
    env = {key: value for key, value in spec.env.items() if key not in CREDENTIALS and key not in told}
    return replace(spec, argv=words, env=env, waits=True)


def basis_of(spare: WorkloadSpec) -> str:
    """Return a text that is another one once a spare would be made differently."""
    return hashlib.sha256(repr(spare).encode()).hexdigest()


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
        "HOTHOUSE_DATABASE_URI": database_uri(context.settings, app["database"], start.workload["_id"], start.password),
    }


def database_uri(settings: Settings, database: str, workload_id: str, password: str) -> str:
    """Return the URI of a data sandbox, with one workload's own credential."""
    broker = settings.broker
    options = {"authSource": database, "directConnection": "true", "authMechanism": "SCRAM-SHA-256"}
    if settings.mongodb.embedded:
        options["retryWrites"] = "false"  # see `hothouse.database.embedded`
    if broker.transport == "unix":
        address = quote(str(settings.broker_socket), safe="")
    else:
        address = broker.advertise or f"{broker.host}:{broker.port}"
        if broker.tls_certificate is not None:
            options["tls"] = "true"
        if broker.tls_ca is not None:
            options["tlsCAFile"] = str(broker.tls_ca)
    login = f"{workload_id}:{quote(password, safe='')}"
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
