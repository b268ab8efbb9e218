"""The queue in front of one actor instance."""

import asyncio
import contextvars
import inspect
from collections.abc import Awaitable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any


class ActorError(RuntimeError):
    """Say that an actor was used in a way it cannot serve, and what to do instead."""


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    context: contextvars.Context
    answer: asyncio.Future[Any]


class Mailbox:
    """Run the calls of one actor instance in turn.

    The instance is made, started and stopped by the same consumer task that runs its calls. A caller that gives up
    (its task is cancelled) withdraws a call that still waits; one that has begun runs to its end, as on Ray.
    """

    def __init__(self, cls: type[Any], arguments: Mapping[str, Any]) -> None:
        self._cls = cls
        self._arguments = arguments
        self.loop = asyncio.get_running_loop()
        self._calls: asyncio.Queue[_Call | None] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"actor-{cls.__name__}")
        self._instance: Any = None
        self._running: asyncio.Task[Any] | None = None
        self._is_closing = False
        self._consumer = self.loop.create_task(self._consume(), name=f"actor {cls.__name__}")

    @property
    def is_closed(self) -> bool:
        """Whether calls can no longer be answered, because it was closed or its event loop was."""
        return self._is_closing or self.loop.is_closed()

    async def call(self, method: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Queue a call and wait for its answer. Raises: ActorError, and whatever the method raises."""
        self._refuse_misuse(method)
        answer: asyncio.Future[Any] = self.loop.create_future()
        self._calls.put_nowait(_Call(method, args, kwargs, contextvars.copy_context(), answer))
        return await answer

    async def close(self) -> None:
        """Answer the calls already queued, run the actor's `stop`, and end its thread."""
        self._is_closing = True
        self._calls.put_nowait(None)
        try:
            await self._consumer
            if self._instance is not None and hasattr(self._instance, "stop"):
                await self._instance.stop()
        finally:
            self._thread.shutdown(wait=False)

    def _refuse_misuse(self, method: str) -> None:
        name = f"{self._cls.__name__}.{method}"
        if self.loop is not asyncio.get_running_loop():
            message = f"{name} was called from another event loop than the one its actor runs in; call it from there"
            raise ActorError(message)
        if self._running is not None and self._running is asyncio.current_task():
            message = f"{name} was called through a handle by the actor itself, which would wait for ever; use self"
            raise ActorError(message)
        if self.is_closed:
            message = f"{name} was called while its actor stops; take a new handle to start it again"
            raise ActorError(message)

    async def _consume(self) -> None:
        while (call := await self._calls.get()) is not None:
            if call.answer.cancelled():
                continue
            self._running = self.loop.create_task(self._run(call), context=call.context)
            await asyncio.wait([self._running])
            _hand_over(self._running, call.answer)
            self._running = None

    async def _run(self, call: _Call) -> Any:
        if self._instance is None:
            self._instance = await self._make()
        method = getattr(self._instance, call.method)
        if inspect.iscoroutinefunction(method):
            return await method(*call.args, **call.kwargs)
        result = await self._in_thread(method, call.args, call.kwargs)
        # A method may hand back an awaitable without being `async def`, for instance behind a decorator.
        return await result if inspect.isawaitable(result) else result

    async def _make(self) -> Any:
        instance = await self._in_thread(self._cls, (), self._arguments)
        if hasattr(instance, "start"):
            await instance.start()
        return instance

    def _in_thread(self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Awaitable[Any]:
        context = contextvars.copy_context()

        def run() -> Any:
            try:
                return context.run(function, *args, **kwargs)
            except StopIteration as error:
                # A future never ends with StopIteration; coroutines turn it into RuntimeError, and so does this.
                message = f"{self._cls.__name__} raised StopIteration"
                raise RuntimeError(message) from error

        return self.loop.run_in_executor(self._thread, run)


def _hand_over(finished: asyncio.Task[Any], answer: asyncio.Future[Any]) -> None:
    """Give a finished call's outcome to its caller, who may have gone meanwhile."""
    error = asyncio.CancelledError() if finished.cancelled() else finished.exception()
    if answer.cancelled():
        return
    if isinstance(error, asyncio.CancelledError):
        answer.cancel()
    elif error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(finished.result())
