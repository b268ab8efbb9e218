"""Which requests an open tab sends by itself."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hothouse.gateway.polling import is_idle_poll

KERNEL = "0d7c2d1e-1b1a-4b1f-9f0a-0123456789ab"


def request(line: str) -> Any:
    method, target = line.split()
    return cast("Any", SimpleNamespace(method=method.encode(), target=target.encode()))


@pytest.mark.parametrize(
    "line",
    [
        "GET /api/kernels?1700000000",
        f"GET /api/kernels/{KERNEL}?1",
        "GET /api/sessions?1",
        "GET /api/terminals?1",
        "GET /api/status",
        "GET /api/contents?content=1&hash=0&1700000000",
        "GET /api/contents/folder?content=1&1",
        "GET /_stcore/health",
        "HEAD /_stcore/health",
        "GET /gradio_api/heartbeat/abc",
        "GET /health",
        "GET /stable-1a2b?reconnectionToken=3c4d&reconnection=true&skipWebSocketFrames=false",
    ],
)
def test_polls(line: str) -> None:
    assert is_idle_poll(request(line))


@pytest.mark.parametrize(
    "line",
    [
        "GET /",
        "GET /lab",
        "POST /api/kernels",
        "DELETE /api/sessions/1",
        f"GET /api/kernels/{KERNEL}/channels?session_id=1",
        f"POST /api/kernels/{KERNEL}/interrupt",
        "GET /api/contents/notes/a.ipynb?type=notebook&content=1&1",
        "PUT /api/contents/a.ipynb",
        "GET /files/a.csv",
        "GET /healthy-food",
        "GET /stable-1a2b?reconnectionToken=3c4d&reconnection=false&skipWebSocketFrames=false",
        "GET /stable-1a2b?reconnection=true",
        "GET /api/statuses",
    ],
)
def test_use(line: str) -> None:
    assert not is_idle_poll(request(line))
