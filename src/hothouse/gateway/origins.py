"""What is common to the main origin and apps' origins: sending a request on, with the headers the gateway adds."""

import itertools
import secrets

from hothouse.gateway.site import Site
from hothouse.gateway.wire.heads import request_head
from hothouse.gateway.wire.request import Request

FRESH_ENOUGH_SECONDS = 1.0
"""A request that must not be sent twice takes only a connection used this recently: less likely to be closing."""


class Forwarding:
    """Writes the heads of forwarded requests."""

    def __init__(self, site: Site) -> None:
        self._proto = (
            f"x-forwarded-proto: {'https' if site.is_https else 'http'}\r\nx-forwarded-port: {site.port}\r\n".encode()
        )
        self._prefix = secrets.token_hex(6).encode()
        self._count = itertools.count(1)

    def head(self, request: Request, own: bytes) -> bytes:
        """Return the head for the upstream; `own` are further complete lines."""
        return request_head(
            request,
            b"%bx-forwarded-for: %b\r\nx-forwarded-host: %b\r\n%bx-request-id: %b%08x\r\n"
            % (own, request.peer, request.host, self._proto, self._prefix, next(self._count)),
        )
