"""Asking an app where gateways are told it is: at an address, or at a unix socket."""

import aiohttp


def session_at(endpoint: str | None) -> aiohttp.ClientSession:
    """Return a session whose paths lead to an app."""
    assert endpoint is not None
    if endpoint.startswith("unix:"):
        return aiohttp.ClientSession("http://app", connector=aiohttp.UnixConnector(endpoint.removeprefix("unix:")))
    return aiohttp.ClientSession(endpoint)
