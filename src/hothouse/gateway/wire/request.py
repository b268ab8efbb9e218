"""The head of one request, checked beyond what the parser checks.

llhttp (under httptools) refuses in its strict mode: `Content-Length` beside `Transfer-Encoding`, repeated or malformed
`Content-Length`, folded lines, bare CR or LF, NUL, spaces before a colon, chunk sizes that are not hexadecimal.
What it lets pass and two servers could still read differently is refused here.
"""

from http import HTTPStatus

Field = tuple[bytes, bytes]

UNREPEATABLE = frozenset(
    {
        b"host",
        b"content-length",
        b"transfer-encoding",
        b"authorization",
        b"content-type",
        b"expect",
        b"origin",
        b"sec-fetch-dest",
        b"sec-fetch-mode",
        b"sec-fetch-site",
        b"sec-websocket-key",
        b"sec-websocket-version",
        b"upgrade",
    }
)


class BadRequest(Exception):
    """A request that must not be passed on; the connection it came on is closed."""

    def __init__(self, detail: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class Request:
    """Method, target and header fields (lower-case names, in order) of a request whose body may still be coming.

    `first` maps names to values; repeated `Cookie`, `Accept` and `Connection` are joined there.
    """

    __slots__ = (
        "fields",
        "first",
        "host",
        "is_chunked",
        "is_legacy",
        "is_websocket",
        "keeps_alive",
        "length",
        "method",
        "peer",
        "target",
    )

    def __init__(self, method: bytes, target: bytes, fields: list[Field], *, keeps_alive: bool, peer: bytes) -> None:
        self.method = method
        self.target = target
        self.fields = fields
        self.peer = peer
        self.keeps_alive = keeps_alive
        self.first = first = dict(fields)
        if len(first) != len(fields):
            self._merge()
        coding = first.get(b"transfer-encoding")
        self.is_chunked = coding is not None
        if coding is not None and coding.lower() != b"chunked":
            raise BadRequest("Transfer-Encoding may only be `chunked`.", HTTPStatus.NOT_IMPLEMENTED)
        length = first.get(b"content-length")
        self.length = None if length is None else int(length)
        self.is_websocket = b"upgrade" in first and self._asks_for_websocket()
        self.is_legacy = False
        self.host = b""

    def check(self, version: str) -> None:
        """Raises: BadRequest unless target, host and version leave no room for interpretation."""
        host = self.first.get(b"host", b"")
        if version not in ("1.1", "1.0"):
            raise BadRequest("Only HTTP/1.1 and HTTP/1.0 are spoken here.", HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        if version == "1.0":
            self.is_legacy = True
            self.keeps_alive = False
            if self.is_chunked:
                raise BadRequest("HTTP/1.0 has no Transfer-Encoding.")
        if not host:
            raise BadRequest("Exactly one Host header is needed.")
        self.host = host
        if not self.target.startswith(b"/"):
            self._take_absolute_target()

    def _take_absolute_target(self) -> None:
        """Accept `http://host/path` where the host is the one in `Host` (RFC 9112, 3.2.2), and `OPTIONS *`."""
        if self.target == b"*" and self.method == b"OPTIONS":
            return
        scheme, separator, rest = self.target.partition(b"://")
        authority, slash, path = rest.partition(b"/")
        if not separator or scheme.lower() not in (b"http", b"https") or authority.lower() != self.host.lower():
            raise BadRequest("The request target must be a path.")
        self.target = slash + path or b"/"

    def _merge(self) -> None:
        """Join what may be repeated and is read here. Raises: BadRequest for what may not be."""
        merged: dict[bytes, bytes] = {}
        for name, value in self.fields:
            if name not in merged:
                merged[name] = value
            elif name in UNREPEATABLE:
                raise BadRequest(f"The header {name.decode('ascii')} may be there only once.")
            else:
                merged[name] += (b"; " if name == b"cookie" else b", ") + value
        self.first = merged

    def _asks_for_websocket(self) -> bool:
        return (
            self.first[b"upgrade"].lower() == b"websocket"
            and self.method == b"GET"
            and not self.is_chunked
            and not self.length
            and b"upgrade" in _tokens(self.first.get(b"connection", b""))
        )

    @property
    def path(self) -> bytes:
        """The target without its query."""
        return self.target.partition(b"?")[0]

    @property
    def connection_options(self) -> frozenset[bytes]:
        """Names of further headers that are meant for this connection alone."""
        value = self.first.get(b"connection")
        if value is None or value in (b"keep-alive", b"close", b"Upgrade"):
            return frozenset()
        return frozenset(_tokens(value))

    @property
    def has_body(self) -> bool:
        return self.is_chunked or bool(self.length)

    @property
    def is_safe(self) -> bool:
        """Whether the method promises to change nothing (RFC 9110, 9.2.1)."""
        return self.method in (b"GET", b"HEAD", b"OPTIONS", b"TRACE")

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice does what sending it once does, and nothing of it is lost in the first try."""
        return self.method in (b"GET", b"HEAD", b"OPTIONS", b"TRACE", b"PUT", b"DELETE") and not self.has_body


def _tokens(value: bytes) -> list[bytes]:
    return [token.strip().lower() for token in value.split(b",")]
