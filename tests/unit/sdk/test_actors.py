"""Actors: one instance, one call at a time, exceptions to the caller."""

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from hothouse_sdk import ActorError, actor
from hothouse_sdk.actors import ActorClass, stop_actors

trace: contextvars.ContextVar[str] = contextvars.ContextVar("trace", default="none")


class Bench:
    """What tests watch an actor by."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.release = threading.Event()
        self.entered = threading.Event()
        self.in_loop = asyncio.Event()
        self.threads: set[str] = set()
        self.failures = 0


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    made.release.set()
    made.in_loop.set()
    await stop_actors()


@pytest.fixture
def worker(bench: Bench) -> ActorClass[Any]:  # noqa: C901 - one class of many small methods
    @actor
    class Worker:
        def __init__(self) -> None:
            if bench.failures:
                bench.failures -= 1
                raise OSError("the device is busy")
            bench.events.append("init")
            bench.threads.add(threading.current_thread().name)
            self.value = 0

        async def start(self) -> None:
            bench.events.append("start")

        async def stop(self) -> None:
            bench.events.append("stop")

        def add(self, amount: int) -> int:
            bench.threads.add(threading.current_thread().name)
            before = self.value
            threading.Event().wait(0.002)  # gives another thread the chance to come between
            self.value = before + amount
            return self.value

        async def add_slowly(self, amount: int) -> int:
            before = self.value
            await asyncio.sleep(0)
            self.value = before + amount
            return self.value

        def block(self, label: str) -> str:
            bench.entered.set()
            bench.release.wait(10)
            bench.events.append(label)
            return label

        async def wait_in_loop(self, label: str) -> None:
            bench.entered.set()
            await bench.in_loop.wait()
            bench.events.append(label)

        def note(self, label: str) -> None:
            bench.events.append(label)

        def fail(self) -> None:
            raise ValueError("no such bed")

        def stop_iteration(self) -> None:
            raise StopIteration

        def trace(self) -> str:
            return trace.get()

        async def call_itself(self) -> Any:
            return await Worker.handle().add(1)

        def _secret(self) -> None: ...

    return Worker


async def entered(bench: Bench) -> None:
    assert await asyncio.to_thread(bench.entered.wait, 10)


class TestCalls:
    async def test_answer(self, worker: ActorClass[Any]) -> None:
        assert await worker.handle().add(2) == 2

    async def test_two_handles_reach_one_instance(self, worker: ActorClass[Any]) -> None:
        await worker.handle().add(1)
        assert await worker.handle().add(1) == 2

    async def test_blocking_calls_are_serialised(self, worker: ActorClass[Any]) -> None:
        handle = worker.handle()
        answers = await asyncio.gather(*(handle.add(1) for _ in range(30)))
        assert answers == list(range(1, 31))

    async def test_async_calls_are_serialised(self, worker: ActorClass[Any]) -> None:
        handle = worker.handle()
        mixed = [handle.add_slowly(1) if number % 2 else handle.add(1) for number in range(30)]
        assert sorted(await asyncio.gather(*mixed)) == list(range(1, 31))

    async def test_blocking_calls_keep_to_one_thread_of_their_own(self, worker: ActorClass[Any], bench: Bench) -> None:
        await asyncio.gather(*(worker.handle().add(1) for _ in range(5)))
        assert len(bench.threads) == 1
        assert threading.current_thread().name not in bench.threads

    async def test_event_loop_stays_free(self, worker: ActorClass[Any], bench: Bench) -> None:
        blocked = asyncio.ensure_future(worker.handle().block("done"))
        await entered(bench)
        assert not blocked.done()
        bench.release.set()
        assert await blocked == "done"

    async def test_context_of_the_caller(self, worker: ActorClass[Any]) -> None:
        token = trace.set("request-7")
        try:
            assert await worker.handle().trace() == "request-7"
        finally:
            trace.reset(token)


class TestErrors:
    async def test_exception_reaches_the_caller_and_the_actor_goes_on(self, worker: ActorClass[Any]) -> None:
        handle = worker.handle()
        await handle.add(1)
        with pytest.raises(ValueError, match="no such bed"):
            await handle.fail()
        assert await handle.add(1) == 2

    async def test_stop_iteration_does_not_hang(self, worker: ActorClass[Any]) -> None:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await worker.handle().stop_iteration()

    async def test_failing_constructor_is_tried_again(self, worker: ActorClass[Any], bench: Bench) -> None:
        bench.failures = 1
        with pytest.raises(OSError, match="busy"):
            await worker.handle().add(1)
        assert await worker.handle().add(1) == 1

    async def test_unknown_method_names_the_known(self, worker: ActorClass[Any]) -> None:
        with pytest.raises(AttributeError, match=r"no method 'ad'; it has: add, add_slowly"):
            worker.handle().ad(1)

    @pytest.mark.parametrize("name", ["_secret", "start", "stop", "__init__x"])
    async def test_private_names(self, worker: ActorClass[Any], name: str) -> None:
        with pytest.raises(AttributeError):
            getattr(worker.handle(), name)

    async def test_calling_itself_is_refused_instead_of_hanging(self, worker: ActorClass[Any]) -> None:
        with pytest.raises(ActorError, match="use self"):
            await worker.handle().call_itself()

    def test_generators_are_refused(self) -> None:
        class Streamer:
            def stream(self) -> Iterator[int]:
                yield 1

        with pytest.raises(TypeError, match=r"Streamer\.stream is a generator"):
            actor(Streamer)

    def test_blocking_start_is_refused(self) -> None:
        class Early:
            def start(self) -> None: ...

        with pytest.raises(TypeError, match="must be `async def`"):
            actor(Early)


class TestCancellation:
    async def test_waiting_call_is_withdrawn(self, worker: ActorClass[Any], bench: Bench) -> None:
        handle = worker.handle()
        first = asyncio.ensure_future(handle.block("first"))
        await entered(bench)
        second = asyncio.ensure_future(handle.note("second"))
        await asyncio.sleep(0)
        second.cancel()
        bench.release.set()
        await first
        await handle.add(1)
        assert "second" not in bench.events

    async def test_begun_call_keeps_its_turn(self, worker: ActorClass[Any], bench: Bench) -> None:
        handle = worker.handle()
        first = asyncio.ensure_future(handle.block("first"))
        await entered(bench)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        after = asyncio.ensure_future(handle.note("second"))
        bench.release.set()
        await after
        assert bench.events[-2:] == ["first", "second"]


class TestLifecycle:
    async def test_order(self, worker: ActorClass[Any], bench: Bench) -> None:
        assert bench.events == []
        await worker.handle().note("call")
        await stop_actors()
        assert bench.events == ["init", "start", "call", "stop"]

    async def test_stopping_lets_queued_calls_finish(self, worker: ActorClass[Any], bench: Bench) -> None:
        handle = worker.handle()
        calls = [asyncio.ensure_future(handle.wait_in_loop("first")), asyncio.ensure_future(handle.note("second"))]
        await entered(bench)
        stopping = asyncio.ensure_future(stop_actors())
        bench.in_loop.set()
        await asyncio.gather(stopping, *calls)
        assert bench.events[-3:] == ["first", "second", "stop"]

    async def test_new_instance_after_stop(self, worker: ActorClass[Any]) -> None:
        handle = worker.handle()
        await handle.add(5)
        await stop_actors()
        assert await handle.add(1) == 1

    def test_each_event_loop_of_a_test_run_gets_its_own(self, worker: ActorClass[Any]) -> None:
        def in_new_loop() -> int:
            return asyncio.run(_add_and_stop(worker))

        assert [in_new_loop(), in_new_loop()] == [1, 1]

    async def test_other_loop_while_running_is_refused(self, worker: ActorClass[Any]) -> None:
        await worker.handle().add(1)
        with pytest.raises(ActorError, match="another event loop"):
            await asyncio.to_thread(asyncio.run, _add_and_stop(worker))


async def _add_and_stop(worker: ActorClass[Any]) -> int:
    answer: int = await worker.handle().add(1)
    await stop_actors()
    return answer
