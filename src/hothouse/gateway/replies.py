"""Responses that the gateway makes itself: pages for people, problem details for programs, redirects."""

import json
from collections.abc import Iterable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from hothouse.gateway.cookies import HSTS
from hothouse.gateway.errors import (
    AppFailed,
    AppStarting,
    AppStopped,
    AppUnreachable,
    HandoverFailed,
    HubAway,
    UnknownApp,
)
from hothouse.gateway.pages import Page, Pages
from hothouse.gateway.site import Site
from hothouse.gateway.table import Route
from hothouse.gateway.wire.exchange import Exchange
from hothouse.gateway.wire.heads import status_line
from hothouse.gateway.wire.request import BadRequest, Request
from hothouse.kit.problems import Problem

LOG_LINES = 20


def wants_page(request: Request) -> bool:
    """Whether a person would read the answer."""
    return b"text/html" in request.first.get(b"accept", b"")


def is_navigation(request: Request) -> bool:
    """Whether a browser opens this as a page, so that it can be sent elsewhere or shown progress."""
    mode = request.first.get(b"sec-fetch-mode", b"navigate")
    return request.method in (b"GET", b"HEAD") and wants_page(request) and mode == b"navigate"


def compose(
    status: int,
    body: bytes,
    headers: Iterable[tuple[str, str]],
    *,
    keeps_alive: bool,
    is_head_request: bool = False,
) -> bytes:
    """Return a complete response."""
    lines = [
        *headers,
        ("content-length", str(len(body))),
        ("date", formatdate(usegmt=True)),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ]
    if not keeps_alive:
        lines.append(("connection", "close"))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines).encode("latin-1", "replace")
    return status_line(status) + head + b"\r\n" + (b"" if is_head_request else body)


class Replies:
    """Answers exchanges in the form their client can use."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._pages = Pages()
        self._own = [("cross-origin-resource-policy", "same-origin")]
        if site.is_https:
            name, value = HSTS
            self._own.append((name.decode(), value.decode()))

    def json(self, exchange: Exchange, status: int, body: Any) -> None:
        """Answer with JSON."""
        self._send(exchange, status, json.dumps(body).encode(), [("content-type", "application/json")])

    def redirect(self, exchange: Exchange, location: str, cookies: Iterable[str] = ()) -> None:
        """Send a browser elsewhere (303), setting cookies."""
        headers = [("location", location), ("referrer-policy", "no-referrer")]
        self._send(exchange, 303, b"", [*headers, *(("set-cookie", cookie) for cookie in cookies)])

    def moved(self, exchange: Exchange, origin: str) -> None:
        """Send a visitor to the same path of another origin, whatever the method (308).

        It is not to be remembered: the app may go back to where it was.
        """
        target = exchange.request.target.decode("latin-1")
        self._send(exchange, 308, b"", [("location", origin + (target if target.startswith("/") else "/"))])

    def problem(
        self,
        exchange: Exchange,
        problem: Problem,
        route: Route | None = None,
        *,
        email: str = "",
        shows_log: bool = False,
    ) -> None:
        """Answer with what went wrong: a page or problem details. `shows_log`: the visitor may see the app's log."""
        headers = list(problem.headers.items())
        if not wants_page(exchange.request):
            body = json.dumps(problem.render()).encode()
            self._send(exchange, problem.status, body, [("content-type", "application/problem+json"), *headers])
            return
        html = self._pages.render(self._page(problem, route, email, shows_log))
        headers += [
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", self._pages.security_policy),
            ("referrer-policy", "same-origin"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ]
        self._send(exchange, problem.status, html.encode(), headers)

    def unreadable(self, error: BadRequest) -> bytes:
        """Return the response to a request that could not be read."""
        body = {
            "type": "/problems/unreadable-request",
            "title": HTTPStatus(error.status).phrase,
            "status": int(error.status),
            "detail": error.detail,
        }
        headers = [("content-type", "application/problem+json")]
        return compose(error.status, json.dumps(body).encode(), headers, keeps_alive=False)

    def _send(self, exchange: Exchange, status: int, body: bytes, headers: Iterable[tuple[str, str]]) -> None:
        is_head_request = exchange.request.method == b"HEAD"
        exchange.reply(
            compose(
                status, body, [*headers, *self._own], keeps_alive=exchange.keeps_alive, is_head_request=is_head_request
            )
        )

    def _page(self, problem: Problem, route: Route | None, email: str, shows_log: bool) -> Page:
        home = ("All apps", self._site.main_url)
        again = ("Try again", "")
        app, icon = (route.name, route.icon) if route is not None else ("", "")
        news = route.news.log_tail[-LOG_LINES:] if route is not None and route.news is not None and shows_log else ()
        match problem:
            case UnknownApp():
                return self._no_access(problem, email)
            case AppStarting():
                return Page(
                    heading="Starting up",
                    lead=(route.reason if route is not None else "") or "This takes a few seconds; it opens by itself.",
                    app=app,
                    icon=icon,
                    log=news,
                    shows_progress=True,
                    refresh_seconds=3,
                )
            case AppFailed():
                lead = _sentence(route.reason if route is not None else "") or "It did not start."
                return Page(
                    heading="This app is not running", lead=lead, app=app, icon=icon, log=news, actions=[again, home]
                )
            case AppStopped():
                return Page(heading="This app is stopped", lead=problem.detail, app=app, icon=icon, actions=[home])
            case AppUnreachable():
                lead = f"{problem.detail} Try again in a moment."
                return Page(heading=problem.title, lead=lead, app=app, icon=icon, actions=[again, home])
            case HubAway():
                return Page(heading=problem.title, lead=problem.detail, app=app, icon=icon, refresh_seconds=3)
            case HandoverFailed():
                return Page(
                    heading="Signing in did not work", lead=problem.detail, actions=[("Sign in again", "/"), home]
                )
        return Page(heading=problem.title, lead=problem.detail, app=app, icon=icon, actions=[home])

    def _no_access(self, problem: UnknownApp, email: str) -> Page:
        home = ("All apps", self._site.main_url)
        if not problem.address:
            return Page(heading="There is no app here", lead=problem.detail, actions=[home])
        who = f" You are signed in as {email}." if email else ""
        ask = ("Ask for access", f"{self._site.main_url}/ask-for-access?app={problem.address}")
        return Page(heading="You cannot open this address", lead=problem.detail + who, actions=[ask, home])


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""
