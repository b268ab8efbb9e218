"""Tasks end although they lose a cancellation."""

import asyncio

from hothouse.kit.tasks import end_tasks


class TestEndTasks:
    async def test_that_loses_the_first_cancellation(self) -> None:
        begun = asyncio.Event()

        async def stubborn() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.Event().wait()

        task = asyncio.create_task(stubborn())
        await begun.wait()
        await end_tasks(task)
        assert task.cancelled()

    async def test_that_fails_or_is_over(self) -> None:
        async def failing() -> None:
            raise ValueError

        over, failed = asyncio.create_task(asyncio.sleep(0)), asyncio.create_task(failing())
        await asyncio.wait({over, failed})
        await end_tasks(over, failed)

    async def test_none(self) -> None:
        await end_tasks()
