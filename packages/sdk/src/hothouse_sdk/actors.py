"""Stateful classes behind an async handle: one instance in the process, one call at a time.

An actor keeps what several requests share (a model, a cache, a device) without locks: calls wait in a mailbox
and run in the order they came. Here actors live in the app's own process; the same code is meant to run on Ray.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from hothouse_sdk._mailbox import ActorError, Mailbox

T = TypeVar("T")
_LIFECYCLE = frozenset({"start", "stop"})

__all__ = ["ActorClass", "ActorError", "ActorHandle", "actor", "stop_actors"]


def actor(cls: type[T]) -> "ActorClass[T]":
    """Turn a class into an actor.

    >>> @actor
    ... class Counter:
    ...     def __init__(self):
    ...         self.value = 0
    ...     def add(self, amount):
    ...         self.value += amount
    ...         return self.value
    >>> async def main():
    ...     counter = Counter.handle()
    ...     results = await asyncio.gather(*(counter.add(1) for _ in range(3)))
    ...     await stop_actors()
    ...     return results
    >>> asyncio.run(main())
    [1, 2, 3]

    Ordinary methods (and the constructor) run in a thread of the actor's own, so they may block; `async def`
    methods are awaited in the event loop. Optional `async def start(self)` runs once before the first call,
    `async def stop(self)` once at the end. An exception reaches the caller and leaves the actor running.
    """
    return ActorClass(cls)


class ActorClass(Generic[T]):
    """A class marked with `@actor`; `cls` is the class itself, for tests that want no mailbox."""

    def __init__(self, cls: type[T], **arguments: Any) -> None:
        """Take the class, and what its constructor is called with."""
        _check(cls)
        self.cls = cls
        self.__doc__ = cls.__doc__
        self.__name__ = cls.__name__
        self._arguments = arguments
        self._mailbox: Mailbox | None = None

    def handle(self) -> "ActorHandle[T]":
        """Return a handle of the process' one instance, which is made when it is first called."""
        return ActorHandle(self)

    def mailbox(self) -> Mailbox:
        """Return the mailbox of the running event loop, opening one where there is none.

        Raises: ActorError, where the actor runs in another event loop.
        """
        if self._mailbox is None or self._mailbox.is_closed:
            self._mailbox = Mailbox(self.cls, self._arguments)
            _opened.add(self._mailbox)
        return self._mailbox


class ActorHandle(Generic[T]):
    """Calls an actor: `await handle.method(...)`; names that begin with an underscore stay private."""

    def __init__(self, actor_class: ActorClass[T]) -> None:
        self._class = actor_class

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        methods = _methods(self._class.cls)
        if name not in methods:
            message = f"actor {self._class.__name__} has no method {name!r}; it has: {', '.join(sorted(methods))}"
            raise AttributeError(message)

        def call(*args: Any, **kwargs: Any) -> Awaitable[Any]:
            return self._class.mailbox().call(name, args, kwargs)

        return call

    def __repr__(self) -> str:
        return f"<handle of actor {self._class.__name__}>"


_opened: set[Mailbox] = set()


async def stop_actors() -> None:
    """Let each actor of this event loop finish its calls and stop it; `Experiment` does so when the app stops."""
    loop = asyncio.get_running_loop()
    mailboxes = [mailbox for mailbox in _opened if mailbox.loop is loop or mailbox.is_closed]
    _opened.difference_update(mailboxes)
    await asyncio.gather(*(mailbox.close() for mailbox in mailboxes if not mailbox.is_closed))


def _methods(cls: type[Any]) -> set[str]:
    return {
        name
        for name in dir(cls)
        if not name.startswith("_") and name not in _LIFECYCLE and callable(getattr(cls, name))
    }


def _check(cls: type[Any]) -> None:
    if not isinstance(cls, type):
        message = f"@actor marks a class, not {cls!r}"
        raise TypeError(message)
    for name in _LIFECYCLE:
        method = getattr(cls, name, None)
        if method is not None and not inspect.iscoroutinefunction(method):
            message = f"{cls.__name__}.{name} must be `async def`; do blocking preparation in __init__"
            raise TypeError(message)
    for name in _methods(cls):
        method = getattr(cls, name)
        if inspect.isgeneratorfunction(method) or inspect.isasyncgenfunction(method):
            message = f"{cls.__name__}.{name} is a generator, which cannot answer through a handle; return a list"
            raise TypeError(message)
