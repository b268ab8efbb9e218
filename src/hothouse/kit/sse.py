"""Server-sent events over FastAPI's encoder, with keep-alive comments and an orderly end."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi.sse import EventSourceResponse, format_sse_event

from hothouse.kit.tasks import end_tasks

PING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event; `data` is any JSON value."""

    name: str
    data: Any
    id: str | None = None


Ending = Callable[[], Awaitable[object]]
"""Starts waiting for a reason to end a stream."""


async def _encoded(events: AsyncIterator[Event], endings: tuple[Ending, ...]) -> AsyncIterator[bytes]:
    """Encode events, with a comment whenever nothing came for a while, until one of `endings` comes."""
    yield format_sse_event(comment="open")
    ends = [asyncio.ensure_future(ending()) for ending in endings]
    upcoming = asyncio.ensure_future(anext(events))
    try:
        while True:
            await asyncio.wait({upcoming, *ends}, timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if any(end.done() for end in ends):
                return
            if not upcoming.done():
                yield format_sse_event(comment="ping")
                continue
            try:
                event = upcoming.result()
            except StopAsyncIteration:
                return
            yield format_sse_event(data_str=json.dumps(event.data), event=event.name, id=event.id)
            upcoming = asyncio.ensure_future(anext(events))
    finally:
        await end_tasks(upcoming, *ends)
        if hasattr(events, "aclose"):
            await events.aclose()


def stream(events: AsyncIterator[Event], closing: asyncio.Event, *endings: Ending) -> EventSourceResponse:
    """Answer with events as they come; ends when the iterator does, the hub is `closing`, or one of `endings` comes."""
    return EventSourceResponse(
        _encoded(events, (closing.wait, *endings)), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
