"""The synchronous driver with the face of the asynchronous one, so that one scenario tests both."""

import inspect
from collections.abc import Coroutine, Generator
from typing import Any

from tests.drivers.plain import DRIVER_ERRORS

_DRIVER_MODULES = ("pymongo.synchronous.", "gridfs.synchronous.")


class Eager:
    """An object of the synchronous driver; awaiting what its methods return never waits, it is there already."""

    __slots__ = ("_target",)

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        return _wrapped(getattr(self._target, name))

    def __getitem__(self, key: Any) -> "Eager":
        return Eager(self._target[key])

    def __call__(self, *args: Any, **options: Any) -> "Eager | _Failed":
        plain_args = [_unwrapped(each) for each in args]
        try:
            return Eager(self._target(*plain_args, **{name: _unwrapped(each) for name, each in options.items()}))
        except DRIVER_ERRORS as error:
            return _Failed(error)

    def __await__(self) -> Generator[None, None, Any]:
        return _wrapped(self._target)
        yield

    def __aiter__(self) -> "Eager":
        return self

    async def __anext__(self) -> Any:
        try:
            return _wrapped(next(self._target))
        except StopIteration:
            raise StopAsyncIteration from None

    async def __aenter__(self) -> Any:
        return Eager(self._target.__enter__())

    async def __aexit__(self, *details: object) -> Any:
        return self._target.__exit__(*details)


class _Failed:
    """A call that raised: the asynchronous driver raises when the call is awaited, or the cursor is read."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __await__(self) -> Generator[None, None, Any]:
        raise self._error
        yield


def drive(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that only awaits eager objects."""
    try:
        work.send(None)
    except StopIteration as end:
        return end.value
    work.close()
    raise AssertionError(f"{work!r} waited for something else than the driver")


def _wrapped(value: Any) -> Any:
    is_driver = type(value).__module__.startswith(_DRIVER_MODULES)
    return Eager(value) if is_driver or inspect.isroutine(value) else value


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Eager):
        return value._target
    if inspect.iscoroutinefunction(value):
        return lambda *args: drive(value(*(_wrapped(each) for each in args)))
    return value
