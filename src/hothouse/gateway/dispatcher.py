"""The gateway's `Handler`: by `Host`, to the main origin or to an app's."""

from hothouse.gateway.app_origin import AppOrigins
from hothouse.gateway.errors import Misdirected
from hothouse.gateway.main_origin import MainOrigin
from hothouse.gateway.replies import Replies
from hothouse.gateway.site import Site
from hothouse.gateway.wire.exchange import Exchange
from hothouse.gateway.wire.interfaces import UpstreamError
from hothouse.gateway.wire.request import BadRequest, Request


class Dispatcher:
    """Sends each request to where its host name belongs."""

    def __init__(self, site: Site, main: MainOrigin, apps: AppOrigins, replies: Replies) -> None:
        self._site = site
        self._main = main
        self._apps = apps
        self._replies = replies

    def handle(self, exchange: Exchange) -> None:
        """Answer a request, now or later."""
        place = self._site.locate(exchange.request.host)
        if place is None:
            self._replies.problem(exchange, Misdirected(exchange.request.host.decode("latin-1")))
        elif place.slug is None:
            self._main.handle(exchange)
        else:
            self._apps.handle(exchange, place)

    def failed(self, exchange: Exchange, error: UpstreamError) -> None:
        """Answer a request whose upstream failed."""
        (self._main if exchange.context is None else self._apps).failed(exchange, error)

    def finished(self, exchange: Exchange) -> None:
        """Take note of the end of an exchange."""
        if exchange.context is not None:
            self._apps.finished(exchange)

    def refuse(self, error: BadRequest, request: Request | None) -> bytes:  # noqa: ARG002 - part of the protocol
        """Answer a request that could not be read."""
        return self._replies.unreadable(error)
