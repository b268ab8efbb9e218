"""Server-sent events over FastAPI's encoder, with keep-alive comments and an orderly end."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from fastapi.sse import EventSourceResponse, format_sse_event

PING_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event; `data` is any JSON value."""

    name: str
    data: Any
    id: str | None = None


async def _encoded(events: AsyncIterator[Event], closing: asyncio.Event) -> AsyncIterator[bytes]:
    """Encode events, with a comment whenever nothing came for a while, until `closing` is set."""
    yield format_sse_event(comment="open")
    ended = asyncio.ensure_future(closing.wait())
    upcoming = asyncio.ensure_future(anext(events))
    try:
        while not closing.is_set():
            await asyncio.wait({upcoming, ended}, timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
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
        ended.cancel()
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)
        if hasattr(events, "aclose"):
            await events.aclose()


def stream(events: AsyncIterator[Event], closing: asyncio.Event) -> EventSourceResponse:
    """Answer with events as they come; ends when the iterator does or the hub is `closing`."""
    return EventSourceResponse(
        _encoded(events, closing), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
