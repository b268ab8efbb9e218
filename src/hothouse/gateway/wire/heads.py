"""Writing of heads: which header fields pass a proxy, and how status lines read."""

from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus

from hothouse.gateway.wire.request import Field, Request

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
"""RFC 9110, 7.6.1: fields about one connection, never passed on."""

REWRITTEN = frozenset({b"host", b"content-length", b"cookie", b"authorization", b"x-request-id"})
"""Written anew by `request_head` or its caller."""

PLATFORM_ONLY = ("x-hothouse-", "x-forwarded-")
SPOOFABLE = frozenset({"forwarded", "x-real-ip", "proxy", "x-forwarded", "x-original-url", "x-rewrite-url"})
"""What only a proxy says; the last two name another path than the one that was let through."""

_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}


@lru_cache(maxsize=2048)
def passes_to_upstream(name: bytes) -> bool:
    """Whether a client's header field of that (lower-case) name is passed on.

    WSGI and CGI read `x_hothouse_user` as `x-hothouse-user`, so underscores count as hyphens here.
    """
    if name in HOP_BY_HOP or name in REWRITTEN:
        return False
    plain = name.decode("ascii").replace("_", "-")
    if name != plain.encode("ascii") and plain.encode("ascii") in HOP_BY_HOP | REWRITTEN:
        return False
    return not plain.startswith(PLATFORM_ONLY) and plain not in SPOOFABLE


@lru_cache(maxsize=2048)
def passes_to_client(name: bytes) -> bool:
    """Whether an upstream's header field of that (lower-case) name is passed on."""
    return name not in HOP_BY_HOP


def request_head(request: Request, own: bytes) -> bytes:
    """Return the head to send upstream; `own` are complete lines that the gateway adds."""
    fields: Iterable[Field] = request.fields
    if options := request.connection_options:
        fields = [field for field in request.fields if field[0] not in options]
    lines = [b"%b: %b\r\n" % field for field in fields if passes_to_upstream(field[0])]
    if request.is_chunked:
        lines.append(b"transfer-encoding: chunked\r\n")
    elif request.length is not None:
        lines.append(b"content-length: %d\r\n" % request.length)
    if request.is_websocket:
        lines.append(b"connection: Upgrade\r\nupgrade: websocket\r\n")
    return b"%b %b HTTP/1.1\r\nhost: %b\r\n%b%b\r\n" % (
        request.method,
        request.target,
        request.host,
        b"".join(lines),
        own,
    )


@lru_cache(maxsize=256)
def status_line(status: int) -> bytes:
    """Return the first line of a response."""
    return b"HTTP/1.1 %d %b\r\n" % (status, _REASONS.get(status, b""))


def response_head(status: int, fields: Iterable[Field], own: bytes) -> bytes:
    """Return a response's head; `own` are complete lines that the gateway adds."""
    lines = [b"%b: %b\r\n" % field for field in fields if passes_to_client(field[0])]
    return b"%b%b%b\r\n" % (status_line(status), b"".join(lines), own)
