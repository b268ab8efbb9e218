"""The routing table: what the hub told about every app, and waiting for it to change."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from hothouse.kit.public_paths import PublicPaths

UNDER_WAY = frozenset({"queued", "building", "starting"})


@dataclass(frozen=True, slots=True)
class News:
    """How the latest deployment of an app goes."""

    id: str
    state: str
    reason: str
    log_tail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where an app is. `version` counts what was heard of it; `endpoint` is set exactly if it can be asked.

    `audience` is another text whenever other people may open it. `background_bytes` are what an open tab may send over
    a WebSocket in half a minute before that is use.
    """

    app_id: str
    slug: str
    former_slugs: tuple[str, ...]
    name: str
    icon: str
    state: str
    reason: str
    endpoint: str | None
    access: str
    public_paths: PublicPaths
    audience: str
    background_bytes: int
    news: News | None
    version: int

    @property
    def slugs(self) -> tuple[str, ...]:
        """Every slug that leads to the app: those it had before it was renamed, too."""
        return (self.slug, *self.former_slugs)

    def is_public_at(self, target: bytes) -> bool:
        """Whether everyone may ask for a request's target."""
        return self.access == "public" or self.public_paths.match(target)

    @property
    def visible_state(self) -> str:
        """The state as a visitor is to understand it: an app that is being deployed anew is on its way."""
        is_under_way = self.news is not None and self.news.state in UNDER_WAY
        return "starting" if is_under_way and self.state in ("failed", "stopped") else self.state

    @classmethod
    def read(cls, data: dict[str, Any], version: int) -> "Route":
        """Read a route of the internal API. Raises: KeyError."""
        news = data.get("deployment")
        return cls(
            app_id=data["app_id"],
            slug=data["slug"],
            former_slugs=tuple(data.get("former_slugs") or ()),
            name=data.get("name") or data["slug"],
            icon=data.get("icon") or "",
            state=data["state"],
            reason=data.get("reason") or "",
            endpoint=data.get("endpoint"),
            access=data.get("access") or "private",
            public_paths=PublicPaths.of(data.get("public_paths") or ()),
            audience=data.get("audience") or "",
            background_bytes=data.get("background_bytes") or 0,
            news=News(news["id"], news["state"], news.get("reason") or "", tuple(news.get("log_tail") or ()))
            if news
            else None,
            version=version,
        )


def vacant(slug: str) -> Route:
    """Return the route of an address that no app has: nobody can tell it from that of an app not shared with them.

    Its id is none that an app can have, and the hub is asked about it like about any other.
    """
    return Route.read({"app_id": f"?{slug}", "slug": slug, "state": "stopped"}, 0)


Listener = Callable[[Route | None, Route | None], None]
"""Is told the old and the new route of an app; `None` where it was or is not there."""


class Table:
    """All routes by slug, present and former, and by app; empty and not `is_known` until the first snapshot."""

    def __init__(self) -> None:
        self.by_slug: dict[str, Route] = {}
        self.by_id: dict[str, Route] = {}
        self._known = asyncio.Event()
        self._version = 0
        self._changes: dict[str, asyncio.Future[None]] = {}
        self._listeners: list[Listener] = []

    @property
    def is_known(self) -> bool:
        return self._known.is_set()

    async def known(self, seconds: float) -> bool:
        """Wait for the first snapshot; `False` if that took longer than `seconds`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._known.wait(), seconds)
        return self.is_known

    def listen(self, listener: Listener) -> None:
        """Call `listener` at each change."""
        self._listeners.append(listener)

    def replace(self, routes: Iterable[dict[str, Any]]) -> None:
        """Take a snapshot: what is not in it is gone."""
        gone = set(self.by_id)
        for data in routes:
            self.put(data)
            gone.discard(data["app_id"])
        for app_id in gone:
            self.remove(app_id)
        self._known.set()

    def put(self, data: dict[str, Any]) -> None:
        """Take in a new or changed route."""
        self._version += 1
        route = Route.read(data, self._version)
        old = self.by_id.get(route.app_id)
        self._unlist(old)
        self.by_id[route.app_id] = route
        self.by_slug.update(dict.fromkeys(route.slugs, route))
        self._tell(route.app_id, old, route)

    def remove(self, app_id: str) -> None:
        """Forget an app."""
        old = self.by_id.pop(app_id, None)
        if old is None:
            return
        self._unlist(old)
        self._tell(app_id, old, None)

    def _unlist(self, route: Route | None) -> None:
        for slug in route.slugs if route is not None else ():
            if self.by_slug.get(slug) is route:
                del self.by_slug[slug]

    def _tell(self, app_id: str, old: Route | None, new: Route | None) -> None:
        for listener in self._listeners:
            listener(old, new)
        change = self._changes.pop(app_id, None)
        if change is not None and not change.done():
            change.set_result(None)

    async def changed(self, app_id: str, seconds: float) -> bool:
        """Wait until something is heard of an app; `False` if that took longer than `seconds`."""
        change = self._changes.get(app_id)
        if change is None:
            change = self._changes[app_id] = asyncio.get_running_loop().create_future()
        done, _ = await asyncio.wait([change], timeout=max(seconds, 0))
        return bool(done)
