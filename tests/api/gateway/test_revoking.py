"""What is open to a visitor ends when the hub says that something changed, and the visitor may not go on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from tests.support.gateway_door import ADA, DEADLINE_SECONDS, Door, until

from hothouse.gateway import reviews

OURS = {"credentials": ["id of good"]}
OTHERS = {"credentials": ["id of other"], "user_ids": ["usr_other"], "app_ids": ["app_other"]}


async def connect(door: Door, cookie: str = "good") -> aiohttp.ClientWebSocketResponse:
    headers = {"Host": door.app_host} | ({"Cookie": f"hothouse_app={cookie}"} if cookie else {})
    return await door.session.ws_connect("/ws", headers=headers)


async def goes_on(socket: aiohttp.ClientWebSocketResponse) -> bool:
    await socket.send_str("x")
    return await socket.receive_str(timeout=DEADLINE_SECONDS) == "X"


async def ends(socket: aiohttp.ClientWebSocketResponse) -> bool:
    """Wait for the end of a WebSocket."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        return (await socket.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


@pytest.fixture
async def socket(door: Door) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A WebSocket of Ada's."""
    async with await connect(door) as socket:
        assert await goes_on(socket)
        yield socket


class TestWhatEnds:
    async def test_websocket(self, door: Door, socket: aiohttp.ClientWebSocketResponse) -> None:
        del door.hub.sessions["good"]
        door.hub.recheck(**OURS)
        assert await ends(socket)
        await until(lambda: "closed" in [event for event, _ in door.app.read_notes()])

    async def test_event_stream(self, door: Door) -> None:
        async with door.knock("/events", cookie="good") as answer:
            assert await answer.content.readuntil(b"\n\n") == b"data: first\n\n"
            del door.hub.sessions["good"]
            door.hub.recheck(**OURS)
            with pytest.raises(aiohttp.ClientError):
                await asyncio.wait_for(answer.content.read(), DEADLINE_SECONDS)
        await until(lambda: ["left", "/events"] in door.app.read_notes())

    async def test_download(self, door: Door) -> None:
        async with door.knock("/big?size=500000000", cookie="good") as answer:
            await answer.content.readexactly(1000)
            del door.hub.sessions["good"]
            door.hub.recheck(**OURS)
            await until(lambda: not door.gateway.activity.open_at("app_echo"))
            with pytest.raises(aiohttp.ClientError):
                await asyncio.wait_for(answer.content.read(), DEADLINE_SECONDS)

    async def test_upload(self, door: Door) -> None:
        request = door.head("Content-Length: 1000", target="/count", method="POST") + b"\r\nx"
        assert await self._is_broken_off(door, request)

    async def test_request_that_waits_for_the_app(self, door: Door) -> None:
        await door.put(state="starting")
        assert await self._is_broken_off(door, door.head() + b"\r\n")

    @staticmethod
    async def _is_broken_off(door: Door, request: bytes) -> bool:
        reader, writer = await door.connect()
        writer.write(request)
        await until(lambda: door.gateway.activity.open_at("app_echo"))
        del door.hub.sessions["good"]
        door.hub.recheck(**OURS)
        async with asyncio.timeout(DEADLINE_SECONDS):
            with contextlib.suppress(ConnectionResetError):
                assert await reader.read() == b""
        writer.close()
        return True

    async def test_status_that_waits_for_news(self, door: Door) -> None:
        await door.put(state="starting", deployment={"id": "d", "state": "building", "log_tail": ["a secret"]})
        version = door.gateway.table.by_id["app_echo"].version
        asked = len(door.hub.admissions)
        waiting = asyncio.create_task(self._visit(door, f"/.hothouse/status?seen={version}"))
        await until(lambda: len(door.hub.admissions) > asked)
        del door.hub.sessions["good"]
        door.hub.recheck(**OURS)
        await until(lambda: not door.gateway._admission._entries)
        await door.put(state="starting", deployment={"id": "d", "state": "building", "log_tail": ["a secret"]})
        status, body = await asyncio.wait_for(waiting, DEADLINE_SECONDS)
        assert status == 401
        assert "secret" not in body

    @staticmethod
    async def _visit(door: Door, path: str = "/") -> tuple[int, str]:
        async with door.knock(path, cookie="good") as answer:
            return answer.status, await answer.text()


class TestWhoIsConcerned:
    @pytest.mark.parametrize(
        "concerned",
        [
            {"credentials": ["id of good"]},
            {"credentials": ["id of a parent"]},
            {"user_ids": ["usr_ada"]},
            {"app_ids": ["app_echo"]},
        ],
        ids=["session", "parent session", "person", "app"],
    )
    async def test_named(
        self, door: Door, socket: aiohttp.ClientWebSocketResponse, concerned: dict[str, list[str]]
    ) -> None:
        del door.hub.sessions["good"]
        door.hub.recheck(**concerned)
        assert await ends(socket)
        async with door.knock(cookie="good") as answer:
            assert answer.status == 401

    async def test_others_are_not_asked_about(self, door: Door, socket: aiohttp.ClientWebSocketResponse) -> None:
        asked = len(door.hub.admissions)
        door.hub.recheck(**OTHERS)
        await door.put(endpoint=door.app.endpoint)  # so that the notice has been taken
        assert await goes_on(socket)
        assert len(door.hub.admissions) == asked

    async def test_who_may_go_on_goes_on(self, door: Door, socket: aiohttp.ClientWebSocketResponse) -> None:
        door.hub.sessions["other"] = {**ADA, "user_id": "usr_other"}
        async with await connect(door, "other") as other:
            assert await goes_on(other)
            del door.hub.sessions["good"]
            door.hub.recheck(app_ids=["app_echo"])
            assert await ends(socket)
            assert await goes_on(other)

    async def test_other_audience(self, door: Door, socket: aiohttp.ClientWebSocketResponse) -> None:
        door.hub.strangers["good"] = door.hub.sessions.pop("good")
        await door.put(endpoint=door.app.endpoint, audience="without Ada")
        assert await ends(socket)

    async def test_group_that_was_lost(self, door: Door, socket: aiohttp.ClientWebSocketResponse) -> None:
        door.hub.sessions["good"] = {**ADA, "groups": ["lab", "a,b", "gained"]}
        door.hub.recheck(user_ids=["usr_ada"])
        await until(lambda: len(door.hub.admissions) == 2)
        assert await goes_on(socket)
        door.hub.sessions["good"] = {**ADA, "groups": ["lab"]}
        door.hub.recheck(user_ids=["usr_ada"])
        assert await ends(socket)

    async def test_public_app_in_the_name_of_somebody_who_signed_out(self, door: Door) -> None:
        await door.put(endpoint=door.app.endpoint, access="public")
        async with await connect(door) as socket, await connect(door, "") as anonymous:
            assert await goes_on(socket)
            del door.hub.sessions["good"]
            door.hub.recheck(**OURS)
            assert await ends(socket)
            assert await goes_on(anonymous)

    async def test_app_that_is_not_public_any_more(self, door: Door) -> None:
        await door.put(endpoint=door.app.endpoint, access="public")
        async with await connect(door) as known, await connect(door, "") as anonymous:
            assert await goes_on(anonymous)
            await door.put(endpoint=door.app.endpoint, access="private")
            assert await ends(anonymous)
            assert await goes_on(known)


class TestWhatIsMissed:
    async def test_while_the_hub_was_away(self, door: Door, socket: aiohttp.ClientWebSocketResponse) -> None:
        await door.hub.kill()
        del door.hub.sessions["good"]
        assert await goes_on(socket)
        await door.hub.start()
        assert await ends(socket)

    async def test_hub_that_came_back_and_went_again(self, door: Door, socket: aiohttp.ClientWebSocketResponse) -> None:
        door.hub.is_failing = True
        asked = len(door.hub.admissions)
        await door.hub.kill()
        await door.hub.start()
        await until(lambda: len(door.hub.admissions) > asked)
        assert await goes_on(socket)
        async with door.knock(cookie="good") as answer:
            assert answer.status == 200

    async def test_hub_that_cannot_answer_is_asked_again(
        self, door: Door, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        door.hub.is_failing = True
        asked = len(door.hub.admissions)
        del door.hub.sessions["good"]
        door.hub.recheck(**OURS)
        await until(lambda: len(door.hub.admissions) > asked)
        assert await goes_on(socket)
        async with door.knock(cookie="good") as answer:
            assert answer.status == 503
        door.hub.is_failing = False
        assert await ends(socket)

    async def test_end_that_nobody_told_of(self, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        door.hub.ttl_seconds = 0.05
        async with await connect(door) as socket:
            patrol = asyncio.create_task(self._patrol(door, monkeypatch))
            assert await goes_on(socket)
            del door.hub.sessions["good"]
            assert await ends(socket)
            patrol.cancel()

    @staticmethod
    async def _patrol(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reviews, "PATROL_SECONDS", 0.02)
        await door.gateway._reviews._patrol()


class TestAnswersUnderWay:
    async def test_answer_from_before_the_notice_is_not_used(self, door: Door) -> None:
        door.hub.admission_gate.clear()
        opening = asyncio.create_task(connect(door))
        await until(lambda: door.hub.admissions)
        del door.hub.sessions["good"]
        door.hub.recheck(**OURS)
        await door.put(endpoint=door.app.endpoint)  # so that the notice has been taken
        door.hub.admission_gate.set()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await asyncio.wait_for(opening, DEADLINE_SECONDS)
        assert refused.value.status == 401
        assert len(door.hub.admissions) == 2

    async def test_notice_about_others_asks_nothing_twice(self, door: Door) -> None:
        door.hub.admission_gate.clear()
        opening = asyncio.create_task(connect(door))
        await until(lambda: door.hub.admissions)
        door.hub.recheck(**OTHERS)
        await door.put(endpoint=door.app.endpoint)
        door.hub.admission_gate.set()
        async with await opening as socket:
            assert await goes_on(socket)
        assert len(door.hub.admissions) == 1
