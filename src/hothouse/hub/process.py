"""Running the hub as a process."""

import asyncio
from pathlib import Path
from types import FrameType

import uvicorn

from hothouse.hub.app import create_app
from hothouse.settings import Settings


async def serve(settings: Settings) -> None:
    """Run the hub until SIGTERM or SIGINT; streams end, requests finish, workloads go on."""
    app = create_app(settings)
    uds, host, port = _address(settings.hub_listen)
    config = uvicorn.Config(
        app,
        uds=uds,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    server = uvicorn.Server(config)
    handle_exit = server.handle_exit

    def on_signal(number: int, frame: FrameType | None) -> None:
        app.state.closing.set()  # event streams would otherwise keep the server from closing
        handle_exit(number, frame)

    server.handle_exit = on_signal  # type: ignore[assignment, method-assign]
    await server.serve()


def _address(listen: str) -> tuple[str | None, str, int]:
    """Return socket path, host and port for `unix:/path` or `host:port`."""
    if listen.startswith("unix:"):
        path = Path(listen.removeprefix("unix:"))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return str(path), "", 0
    host, _, port = listen.rpartition(":")
    return None, host, int(port)


if __name__ == "__main__":
    asyncio.run(serve(Settings()))
