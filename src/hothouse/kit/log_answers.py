"""How routes give logs: as plain lines, or as a stream of events that can be resumed.

A line is `{offset, at, stream, text}`, and with `workload` where the log goes on from one workload to the next.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Annotated, Any

from fastapi import Header, Query, Response
from fastapi.responses import PlainTextResponse

from hothouse.kit.sse import Ending, Event, stream

Follow = Annotated[bool, Query(description="Stream server-sent events, going on as lines are written.")]
Tail = Annotated[int, Query(ge=0, le=10_000, description="How many of the last lines.")]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", description="Resume after this event.")]
LINES: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}, "text/event-stream": {}}}}
"""What a route that gives a log declares of its answers."""

_POSITION = re.compile("[0-9]{1,18}")


def position(last_event_id: str | None) -> int:
    """Return the offset to go on after; 0 for what is none of ours."""
    return int(last_event_id) if last_event_id and _POSITION.fullmatch(last_event_id) else 0


def written(lines: Iterable[Mapping[str, Any]]) -> Response:
    """Answer with what was written so far."""
    return PlainTextResponse("".join(f"{line['text']}\n" for line in lines))


def followed(lines: AsyncIterator[Mapping[str, Any]], closing: asyncio.Event, lost: Ending) -> Response:
    """Answer with lines as they are written, until they end, the hub closes, or the caller may see them no more."""
    return stream(_events(lines), closing, lost)


async def _events(lines: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[Event]:
    async for line in lines:
        at = str(line["offset"])
        event_id = f"{line['workload']}:{at}" if "workload" in line else at
        yield Event("line", {**line, "at": line["at"].isoformat()}, event_id)
    yield Event("end", {})
