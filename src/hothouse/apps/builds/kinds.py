"""What each kind of app needs installed and how it is started behind the gateway, at the root of its own host name.

Commands are run with the source folder as working directory. Python comes from the app's environment by its full
path, so that nothing on `PATH` can stand in for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from hothouse.apps.manifests.model import Manifest

MIB = 2**20
STARTERS_FOLDER = "hothouse"
SDK = "hothouse-sdk"
SOCKET_FD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Everything a command line may depend on."""

    manifest: Manifest
    environment: Path
    port: int
    host: str
    public_url: str | None

    @property
    def entry(self) -> str:
        return str(self.manifest.entry)

    @property
    def python(self) -> str:
        return str(self.environment / "bin" / "python")

    def module(self, name: str, *arguments: str) -> tuple[str, ...]:
        return (self.python, "-m", name, *arguments)

    def starter(self, name: str, *arguments: str) -> tuple[str, ...]:
        """Run one of our own start scripts, which every environment holds."""
        return (self.python, str(self.environment / STARTERS_FOLDER / name), *arguments)

    @property
    def public_host(self) -> str | None:
        """Host and port as browsers send them in `Origin`, or None where unknown."""
        return urlsplit(self.public_url).netloc if self.public_url else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How one kind is run. `requirements` are added to those of the app; limits apply where its manifest is silent.

    `checks_its_address`: a running one refuses pages at another address than the one it was started for.
    `takes_socket`: it serves on the listening socket that it finds as descriptor 3, and on no port. `spare`: how one is
    started that waits to become the app. Both only where the environment has all it takes, as `is_able` tells.
    """

    argv: Callable[[Start], tuple[str, ...]]
    requirements: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    health_path: str = "/"
    health_timeout_seconds: int = 60
    memory_bytes: int = 1024 * MIB
    processes: int = 256
    checks_its_address: bool = False
    takes_socket: bool = False
    spare: Callable[[Start], tuple[str, ...]] | None = None
    is_able: Callable[[Path], bool] = lambda _: True


def _has_spares(environment: Path) -> bool:
    """Tell whether an environment was built with an SDK that serves on sockets, and knows how to wait."""
    return any(environment.glob("lib/python*/site-packages/hothouse_sdk/spare.py"))


def _experiment(start: Start) -> tuple[str, ...]:
    where = ("--fd", str(SOCKET_FD)) if _has_spares(start.environment) else _address(start)
    return start.module("hothouse_sdk.run", start.entry, *where)


def _asgi(start: Start) -> tuple[str, ...]:
    factory = ("--factory",) if start.entry.endswith("()") else ()
    # Only the platform reaches the socket, so what is said there of the visitor's address is true.
    socket = ("--fd", str(SOCKET_FD), "--forwarded-allow-ips", "*")
    return start.module("uvicorn", start.entry.removesuffix("()"), *socket, *factory)


def _wsgi(start: Start) -> tuple[str, ...]:
    bind = f"{start.host}:{start.port}"
    options = ("--bind", bind, "--workers", "1", "--threads", "16", "--access-logfile", "-", "--timeout", "0")
    return start.module("gunicorn", *options, start.entry)


def _streamlit(start: Start) -> tuple[str, ...]:
    options = {
        "server.address": start.host,
        "server.port": start.port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.runOnSave": "false",
        "server.enableCORS": "true",
        "server.enableXsrfProtection": "true",
        "browser.gatherUsageStats": "false",
    }
    if start.public_host:
        # Its own address counts as an allowed origin of WebSockets; sibling apps' addresses do not.
        options["browser.serverAddress"] = start.public_host.partition(":")[0]
    flags = (f"--{name}={value}" for name, value in options.items())
    return start.module("streamlit", "run", start.entry, *flags)


def _panel(start: Start) -> tuple[str, ...]:
    origin = start.public_host or "*"
    address = ("--address", start.host, "--port", str(start.port))
    return start.module("panel", "serve", start.entry, *address, f"--allow-websocket-origin={origin}", "--use-xheaders")


def _marimo(start: Start) -> tuple[str, ...]:
    address = ("--host", start.host, "--port", str(start.port))
    return start.module("marimo", "run", start.entry, "--headless", "--no-token", *address)


def _voila(start: Start) -> tuple[str, ...]:
    address = (f"--Voila.ip={start.host}", f"--port={start.port}")
    return start.module("voila", start.entry, "--no-browser", *address, "--Voila.base_url=/")


def _address(start: Start) -> tuple[str, ...]:
    return "--host", start.host, "--port", str(start.port)


def _command(start: Start) -> tuple[str, ...]:
    values = {"$PORT": str(start.port), "${PORT}": str(start.port), "$HOST": start.host, "${HOST}": start.host}
    words = [_filled(word, values) for word in start.manifest.argv]
    program = start.environment / "bin" / words[0]
    if "/" not in words[0] and program.exists():
        words[0] = str(program)
    return tuple(words)


def _filled(word: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(name, value)
    return word


KINDS: Mapping[str, Kind] = {
    "experiment": Kind(
        argv=_experiment,
        requirements=(SDK,),
        memory_bytes=512 * MIB,
        takes_socket=True,
        spare=lambda start: start.module("hothouse_sdk.spare", start.entry, "--fd", str(SOCKET_FD)),
        is_able=_has_spares,
    ),
    "static": Kind(
        argv=lambda start: start.module("hothouse_sdk.serve_static", start.entry, *_address(start)),
        requirements=(SDK,),
        memory_bytes=256 * MIB,
    ),
    "asgi": Kind(argv=_asgi, requirements=("uvicorn", "websockets"), memory_bytes=512 * MIB, takes_socket=True),
    "wsgi": Kind(argv=_wsgi, requirements=("gunicorn",), memory_bytes=512 * MIB),
    "streamlit": Kind(
        argv=_streamlit, requirements=("streamlit",), health_path="/_stcore/health", checks_its_address=True
    ),
    "gradio": Kind(
        argv=lambda start: start.starter("start_gradio.py", start.entry, start.host, str(start.port)),
        requirements=("gradio",),
        env={"GRADIO_ANALYTICS_ENABLED": "False"},
        health_timeout_seconds=120,
    ),
    "dash": Kind(
        argv=lambda start: start.starter("start_dash.py", start.entry, start.host, str(start.port)),
        requirements=("dash", "waitress"),
    ),
    "panel": Kind(argv=_panel, requirements=("panel",), checks_its_address=True),
    "marimo": Kind(argv=_marimo, requirements=("marimo",)),
    "voila": Kind(
        argv=_voila,
        requirements=("voila", "ipykernel"),
        health_timeout_seconds=120,
        memory_bytes=2048 * MIB,
    ),
    "command": Kind(argv=_command),
}


def argv(
    manifest: Manifest, environment: Path, port: int, host: str, *, public_url: str | None = None
) -> tuple[str, ...]:
    """Give the command line that starts an app; `public_url` is the app's origin as browsers see it."""
    start = Start(manifest=manifest, environment=environment, port=port, host=host, public_url=public_url)
    return KINDS[manifest.kind].argv(start)


def has_spares(manifest: Manifest, environment: Path) -> bool:
    """Tell whether an app can have spares, in the environment that was built for it."""
    kind = KINDS[manifest.kind]
    return kind.spare is not None and kind.is_able(environment)


def spare_argv(manifest: Manifest, environment: Path, port: int, host: str) -> tuple[str, ...]:
    """Give the command line that starts a spare of an app. Raises: ValueError, where it can have none."""
    kind = KINDS[manifest.kind]
    if kind.spare is None:
        raise ValueError(f"apps of the kind {manifest.kind} have no spares")
    return kind.spare(Start(manifest=manifest, environment=environment, port=port, host=host, public_url=None))


def takes_socket(manifest: Manifest, environment: Path) -> bool:
    """Tell whether an app serves on the socket it is given, in the environment that was built for it."""
    kind = KINDS[manifest.kind]
    return kind.takes_socket and kind.is_able(environment)


def extra_env(manifest: Manifest, source: Path) -> dict[str, str]:
    """Give the variables a kind needs besides the platform's; the source and its `src` become importable."""
    folders = [source, *([source / "src"] if (source / "src").is_dir() else [])]
    return {"PYTHONPATH": ":".join(map(str, folders)), **KINDS[manifest.kind].env}
