"""An app that is not shared with somebody is answered, to the last byte, like one that does not exist."""

import re

import pytest
from tests.support.gateway_door import Door

PAGE = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
THERE, MISSING = "echo", "nope"
VISITORS = {
    "nobody": {},
    "forged session": {"Cookie": "hothouse_app=forged"},
    "session that does not open it": {"Cookie": "hothouse_app=stranger"},
    "forged token": {"Authorization": "Bearer hh_forged"},
    "token that does not open it": {"Authorization": "Bearer hh_stranger"},
    "token and session": {"Authorization": "Bearer hh_stranger", "Cookie": "hothouse_app=stranger"},
    "token of something else": {"Authorization": "Bearer eyJhbGciOi"},
}
REQUESTS = {
    "page": ("GET", "/some/page?x=1", PAGE),
    "page, head only": ("HEAD", "/", PAGE),
    "call": ("GET", "/api", {}),
    "call that wants a page": ("POST", "/form", {"Accept": "text/html"}),
    "call of another site's page": ("POST", "/api", {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}),
    "deletion": ("DELETE", "/api/1", {}),
    "websocket": (
        "GET",
        "/ws",
        {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        },
    ),
    "status": ("GET", "/.hothouse/status", {}),
    "own path": ("GET", "/.hothouse/other", PAGE),
    "hand-over without a code": ("GET", "/.hothouse/handover", PAGE),
    "hand-over with a forged code": (
        "GET",
        "/.hothouse/handover?code=forged",
        {"Cookie": "hothouse_handover=" + "s" * 22},
    ),
}
STATES = ({"state": "running"}, {"state": "sleeping"}, {"state": "failed", "reason": "the secret reason"})


async def answer_of(door: Door, slug: str, visitor: dict[str, str], request: str) -> str:
    """Return everything that comes back, but for what differs between any two answers."""
    method, target, headers = REQUESTS[request]
    fields = {"Host": f"{slug}.{door.settings.domain}:{door.port}", "Connection": "close"} | visitor | headers
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    text = (await door.send("\r\n".join(lines).encode())).decode()
    text = re.sub(r"(?i)^date: .*$", "date: now", text, flags=re.MULTILINE)
    text = re.sub(r"state=[A-Za-z0-9_-]{43}|hothouse_handover=[A-Za-z0-9_-]{43}", "a fresh state", text)
    return text.replace(slug, "<slug>")


@pytest.mark.parametrize("state", STATES, ids=lambda state: state["state"])
@pytest.mark.parametrize("visitor", VISITORS)
async def test_is_answered_like_a_missing_one(door: Door, visitor: str, state: dict[str, str]) -> None:
    await door.put(endpoint=door.app.endpoint if state["state"] == "running" else None, **state)
    door.hub.recheck(app_ids=["app_echo"])
    for request in REQUESTS:
        there = await answer_of(door, THERE, VISITORS[visitor], request)
        assert len(MISSING) == len(THERE)  # so that even lengths can be compared
        assert there == await answer_of(door, MISSING, VISITORS[visitor], request), request
        assert there.startswith(("HTTP/1.1 303", "HTTP/1.1 401", "HTTP/1.1 403", "HTTP/1.1 404")), request
        assert "Echo" not in there
        assert "secret" not in there
    assert door.hub.wakes == []


async def test_the_hub_is_asked_about_both(door: Door) -> None:
    """What takes a question for the one takes a question for the other, and is remembered as long."""
    for slug in (THERE, MISSING, THERE, MISSING, "nil"):
        await answer_of(door, slug, VISITORS["token that does not open it"], "call")
    assert [question["app_id"] for question in door.hub.admissions] == ["app_echo", "?nope", "?nil"]


async def test_the_hub_is_away_for_both(door: Door) -> None:
    await door.hub.kill()
    for name, visitor in VISITORS.items():
        for request in REQUESTS:
            there = await answer_of(door, THERE, visitor, request)
            assert there == await answer_of(door, MISSING, visitor, request), (name, request)
            assert "Echo" not in there


@pytest.mark.parametrize("request_", ["page", "call"])
async def test_who_may_open_it_finds_it(door: Door, request_: str) -> None:
    """Else the comparisons above would hold for a gateway that lets nobody in."""
    assert (await answer_of(door, THERE, {"Cookie": "hothouse_app=good"}, request_)).startswith("HTTP/1.1 200")
