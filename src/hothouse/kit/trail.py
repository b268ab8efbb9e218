"""What a request is about to do, or is refused, gathered while it is handled, for those who keep a record of it.

Whoever knows something worth recording tells the current trail; it need not know who listens, or whether anybody does.
Outside of a request there is a trail, too, which nobody reads.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Who:
    """A person, as the record keeps them: it outlives the account."""

    id: str | None = None
    name: str = ""
    email: str = ""
    via: str = "none"  # session, token, none; or platform
    impersonator: "Who | None" = None  # who it really was, acting as this person


@dataclass(frozen=True, slots=True)
class Thing:
    """What something was done to."""

    kind: str
    id: str | None
    name: str | None = None


@dataclass(slots=True)
class Trail:
    """The trail of one request."""

    permitted: Callable[[], Awaitable[None]] | None = None
    who: Who = Who()
    about: list[Thing] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    denied: str | None = None
    problem: str | None = None

    def by(self, who: Who) -> None:
        """Say who asks."""
        self.who = who

    def concerns(self, kind: str, id: str | None, name: str | None = None) -> None:  # noqa: A002 -- as it is called
        """Say what it is about; more than once if it is about several things."""
        thing = Thing(kind, id, name)
        if thing not in self.about:
            self.about.append(thing)

    def change(self, *, before: Mapping[str, Any] | None = None, after: Mapping[str, Any] | None = None) -> None:
        """Say what is changed, in JSON values without secrets; what is said later is added."""
        self.before.update(before or {})
        self.after.update(after or {})

    def deny(self, reason: str) -> None:
        """Say that it is refused for lack of permission, and why; the answer may pretend otherwise."""
        self.denied = reason

    async def permit(self) -> None:
        """Say that it is permitted and about to be done. Call it once permission is found, before anything changes.

        Raises: whatever keeps the record from being written.
        """
        if self.permitted is not None:
            listener, self.permitted = self.permitted, None
            await listener()


_current: ContextVar[Trail | None] = ContextVar("trail", default=None)


def current_trail() -> Trail:
    """Return the trail of the request that is being handled."""
    return _current.get() or Trail()


@contextmanager
def following(trail: Trail) -> Iterator[Trail]:
    """Make a trail the current one."""
    token = _current.set(trail)
    try:
        yield trail
    finally:
        _current.reset(token)
