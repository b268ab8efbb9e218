"""Requests that browsers send by themselves as long as a tab is open, and that show no use of an app."""

import re

from hothouse.gateway.wire.request import Request

_POLLS = re.compile(
    rb"/api/(?:status|me|kernels|kernelspecs|sessions|terminals|metrics/v1|lsp/status)(?:/[0-9a-f-]{36})?/?(?:\?.*)?$"
    rb"|/api/contents[^?]*\?(?!.*\btype=(?:file|notebook)).*\bcontent=[01]\b"
    rb"|/_stcore/(?:health|host-config|allowed-message-origins)(?:\?.*)?$"
    rb"|/gradio_api/heartbeat/"
    rb"|/[^?]*\?(?=.*\breconnectionToken=)(?=.*\breconnection=true\b)"
    rb"|/(?:health|healthz|api/health|favicon\.ico)$"
)
"""What JupyterLab (kernels, sessions, terminals, folders), Streamlit, Gradio, VS Code (WebSockets that were lost) and
marimo ask again and again."""


def is_idle_poll(request: Request) -> bool:
    """Tell whether a request is one that an open tab sends though nobody uses it; each of them only reads."""
    return request.method in (b"GET", b"HEAD") and _POLLS.match(request.target) is not None
