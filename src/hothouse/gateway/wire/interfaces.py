"""What the connections of the wire expect of those who use them."""

from typing import TYPE_CHECKING, Protocol

from hothouse.gateway.wire.request import BadRequest, Field, Request

if TYPE_CHECKING:
    from hothouse.gateway.wire.exchange import Exchange


class UpstreamError(Exception):
    """The upstream broke the connection or the protocol.

    `is_stale`: it may just have closed an idle connection at the moment it was used again.
    """

    def __init__(self, detail: str, *, is_stale: bool = False) -> None:
        super().__init__(detail)
        self.is_stale = is_stale


class Sink(Protocol):
    """Takes in one response. The calls come in this order; `failed` may come at any point and is then the last."""

    def interim(self, status: int, fields: list[Field]) -> None:
        """Take an interim (1xx) response, any number of times."""

    def head(self, status: int, fields: list[Field], *, length_known: bool, has_body: bool) -> None:
        """Take the head of the final response."""

    def body(self, chunk: bytes) -> None:
        """Take a piece of the body."""

    def flush(self) -> None:
        """Pass on what was taken: the end of what arrived in one read."""

    def end(self, *, is_reusable: bool) -> None:
        """The response is complete; `is_reusable`: the upstream would keep the connection open."""

    def upgraded(self, fields: list[Field], rest: bytes) -> None:
        """The upstream switched protocols (101); `rest` are its first bytes in the new one."""

    def failed(self, error: UpstreamError) -> None:
        """The response will not be completed."""

    def pause(self) -> None:
        """The upstream takes no more of the request for now."""

    def resume(self) -> None:
        """The upstream takes more again."""


class Handler(Protocol):
    """Decides what happens to requests."""

    def handle(self, exchange: "Exchange") -> None:
        """Answer `exchange` or send it to an upstream, now or later. Must not raise."""

    def failed(self, exchange: "Exchange", error: UpstreamError) -> None:
        """Answer an exchange whose upstream failed before any of its response was passed on. Must not raise."""

    def finished(self, exchange: "Exchange") -> None:
        """Take note that an exchange is over, however it went; called once for each that was handled."""

    def refuse(self, error: BadRequest, request: Request | None) -> bytes:
        """Return the complete response to a request that could not be read; the connection closes after it."""
