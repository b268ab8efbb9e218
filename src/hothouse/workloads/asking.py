"""Asking a workload over HTTP, wherever it listens."""

import httpx2


def client_of(endpoint: str, *, keeps: bool = True) -> httpx2.AsyncClient:
    """Return a client for `unix:/path` or `tcp:host:port`, without time limits of its own; `keeps` connections or not.

    What its answers say is not to be trusted. Redirections are not followed, and proxies not used.
    """
    kind, _, where = endpoint.partition(":")
    transport = httpx2.AsyncHTTPTransport(
        uds=where if kind == "unix" else None,
        limits=httpx2.Limits(max_keepalive_connections=None if keeps else 0),
        verify=False,  # it is http, and reading authorities takes time
        trust_env=False,
    )
    base = "http://workload" if kind == "unix" else f"http://{where}"
    return httpx2.AsyncClient(transport=transport, base_url=base, timeout=None, trust_env=False)
