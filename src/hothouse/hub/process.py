"""Running the hub as a process."""

import asyncio
from pathlib import Path

import uvicorn

from hothouse.hub.app import create_app
from hothouse.kit.logs import configure_logging
from hothouse.settings import Settings


async def serve(settings: Settings) -> None:
    """Run the hub until SIGTERM or SIGINT; streams end, requests finish, workloads go on."""
    configure_logging()
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=3,
        server_header=False,
        **_address(settings.hub_listen),
    )
    server = uvicorn.Server(config)
    handle_exit = server.handle_exit

    def on_signal(number: int, frame: object) -> None:
        app.state.closing.set()  # event streams would otherwise keep the server from closing
        handle_exit(number, frame)  # type: ignore[arg-type]

    server.handle_exit = on_signal  # type: ignore[method-assign]
    await server.serve()


def _address(listen: str) -> dict[str, str | int]:
    """Return uvicorn's settings for `unix:/path` or `host:port`."""
    if listen.startswith("unix:"):
        path = Path(listen.removeprefix("unix:"))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return {"uds": str(path)}
    host, _, port = listen.rpartition(":")
    return {"host": host, "port": int(port)}


if __name__ == "__main__":
    asyncio.run(serve(Settings()))
