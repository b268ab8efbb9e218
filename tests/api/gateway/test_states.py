"""Apps that are not simply there: waking, starting, failing; and a hub that comes and goes."""

import asyncio
import os
import signal
import subprocess
import sys

import aiohttp
import pytest
from tests.support.gateway_door import KEY, Door, until
from tests.support.ports import free_port

from hothouse.gateway.wire.tunnel import Tunnel

PAGE = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
NEWS = {"id": "d1", "state": "failed", "reason": "it crashed", "log_tail": ["Traceback", "<script>alert(1)</script>"]}


def tunnel_of(door: Door) -> Tunnel:
    """Return the one WebSocket that is open to the app."""
    (exchange,) = door.gateway.activity.open_at("app_echo")
    assert exchange.tunnel is not None
    return exchange.tunnel


class TestWaking:
    async def test_fifty_visitors_wake_once(self, door: Door) -> None:
        await door.put(state="sleeping")
        visitors = [asyncio.create_task(self.visit(door)) for _ in range(50)]
        await until(lambda: door.hub.wakes)
        await door.put(state="starting", reason="starting")
        await door.put(endpoint=door.app.endpoint)
        assert await asyncio.gather(*visitors) == [200] * 50
        assert door.hub.wakes == ["app_echo"]

    @staticmethod
    async def visit(door: Door, target: str = "/") -> int:
        async with door.knock(target, cookie="good") as answer:
            return answer.status

    async def test_each_sleep_is_woken_from(self, door: Door) -> None:
        for count in (1, 2):
            await door.put(state="sleeping")
            visitor = asyncio.create_task(self.visit(door))
            await until(lambda count=count: len(door.hub.wakes) == count)
            await door.put(endpoint=door.app.endpoint)
            assert await visitor == 200

    async def test_one_that_a_quota_keeps_asleep_says_so_until_there_is_room(self, door: Door) -> None:
        await door.put(state="sleeping")
        door.hub.is_over_quota = True
        async with door.knock(cookie="good", headers=PAGE) as answer:
            assert answer.status == 503
            assert "as much runs as the quota of its owner allows" in await answer.text()
        door.hub.is_over_quota = False
        visitor = asyncio.create_task(self.visit(door))
        await until(lambda: len(door.hub.wakes) == 2)
        await door.put(endpoint=door.app.endpoint)
        assert await visitor == 200

    async def test_strangers_wake_nothing(self, door: Door) -> None:
        await door.put(state="sleeping")
        for cookie in ("", "forged", "stranger"):
            async with door.knock(cookie=cookie) as answer:
                assert answer.status in (401, 403)
        assert door.hub.wakes == []

    async def test_what_is_said_on_an_open_websocket_wakes_but_pings_do_not(self, door: Door) -> None:
        """An app that stands still keeps its connections: its visitors' tabs stay open."""
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        async with door.session.ws_connect("/ws", headers=headers) as socket:
            await door.put(state="sleeping")
            await socket.ping()
            await socket.pong()
            await asyncio.sleep(0.1)
            assert door.hub.wakes == []
            await socket.send_str("up")
            assert await socket.receive_str() == "UP"
            await until(lambda: door.hub.wakes == ["app_echo"])

    async def test_what_an_open_tab_sends_by_itself_wakes_nothing(self, door: Door) -> None:
        """As much as the route says, in half a minute; what a person says comes on top of that."""
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        await door.put(endpoint=door.app.endpoint, background_bytes=100)
        async with door.session.ws_connect("/ws", headers=headers) as socket:
            tunnel = tunnel_of(door)
            await door.put(state="sleeping", background_bytes=100)
            for _ in range(5):
                await socket.send_str("eight ch")  # with head and mask, 14 bytes
                assert await socket.receive_str() == "EIGHT CH"
            assert (tunnel.heard_at, door.hub.wakes) == (0, [])
            await socket.send_str("somebody writes a whole line")
            await until(lambda: door.hub.wakes == ["app_echo"])

    async def test_a_tab_that_is_closed_wakes_nothing(self, door: Door) -> None:
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        async with door.session.ws_connect("/ws", headers=headers):
            tunnel = tunnel_of(door)
            await door.put(state="sleeping")
        await until(lambda: door.gateway.activity.open_at("app_echo") == [])
        assert (tunnel.heard_at, door.hub.wakes) == (0, [])

    async def test_request_that_came_just_before_it_stood_still_wakes_it(self, door: Door) -> None:
        visitor = asyncio.create_task(self.visit(door, "/gate"))
        await until(lambda: ["gate", "/gate"] in door.app.read_notes())
        await door.put(state="sleeping")
        await until(lambda: door.hub.wakes == ["app_echo"])
        door.app.gate.touch()
        assert await visitor == 200

    async def test_websocket_is_held(self, door: Door) -> None:
        await door.put(state="starting")
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        opening = asyncio.create_task(door.session.ws_connect("/ws", headers=headers))
        await until(lambda: door.hub.admissions)
        await door.put(endpoint=door.app.endpoint)
        async with await opening as socket:
            await socket.send_str("x")
            assert await socket.receive_str() == "X"

    async def test_upload_is_held_not_swallowed(self, door: Door) -> None:
        await door.put(state="starting")
        reader, writer = await door.connect()
        writer.write(door.head("Content-Length: 50000000", target="/count", method="POST") + b"\r\n")
        writer.write(b"x" * 50_000_000)
        await until(lambda: door.hub.admissions)
        waiting = [client for client in door.gateway.server.clients if not client.transport.is_reading()]
        assert len(waiting) == 1
        await door.put(endpoint=door.app.endpoint)
        async with asyncio.timeout(20):
            assert b'"size": 50000000' in await reader.readuntil(b"}")
        writer.close()

    async def test_hub_that_cannot_wake(self, door: Door) -> None:
        await door.put(state="sleeping")
        door.hub.sessions["good"] = door.hub.sessions["good"]
        async with door.knock("/.hothouse/status", cookie="good") as answer:
            assert answer.status == 200
        await door.put(state="sleeping")
        door.hub.is_failing = True
        async with door.knock(cookie="good") as answer:
            assert answer.status == 503
            assert (await answer.json())["type"] == "/problems/hub-away"


class TestStartingPage:
    async def test_appears_and_then_the_app_does(self, door: Door) -> None:
        await door.put(state="starting", reason="Installing <packages>", deployment={**NEWS, "state": "building"})
        async with door.knock(cookie="good", headers=PAGE) as answer:
            html = await answer.text()
            assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Installing &lt;packages&gt;" in html
        assert "Echo &lt;b&gt;" in html
        assert "<script>alert" not in html
        async with door.knock("/.hothouse/status?seen=0", cookie="good") as answer:
            status = await answer.json()
        assert (status["state"], status["ready"]) == ("starting", False)
        assert status["log_tail"] == NEWS["log_tail"]
        news = asyncio.create_task(self.status(door, status["version"]))
        await until(lambda: not news.done() and len(door.hub.admissions) >= 1)
        await door.put(endpoint=door.app.endpoint)
        assert (await news)["ready"] is True
        async with door.knock(cookie="good", headers=PAGE) as answer:
            assert answer.status == 200

    @staticmethod
    async def status(door: Door, seen: int) -> dict:
        async with door.knock(f"/.hothouse/status?seen={seen}", cookie="good") as answer:
            return await answer.json()

    async def test_status_is_for_those_who_may_open_the_app(self, door: Door) -> None:
        async with door.knock("/.hothouse/status") as answer:
            assert answer.status == 401
        async with door.knock("/.hothouse/other", cookie="good") as answer:
            assert answer.status == 404


class TestPages:
    async def test_failed_app(self, door: Door) -> None:
        await door.put(state="failed", reason="exited with code 1", deployment=NEWS)
        async with door.knock(cookie="good", headers=PAGE) as answer:
            html = await answer.text()
            assert answer.status == 503
        assert "Exited with code 1." in html
        assert "&lt;script&gt;alert(1)" in html
        async with door.knock(cookie="good") as answer:
            problem = await answer.json()
        assert (problem["type"], problem["status"]) == ("/problems/app-failed", 503)

    async def test_log_of_a_failed_public_app_is_not_for_everyone(self, door: Door) -> None:
        await door.put(state="failed", reason="exited", deployment=NEWS, access="public")
        async with door.knock(headers=PAGE) as answer:
            html = await answer.text()
        assert answer.status == 503
        assert "Traceback" not in html

    async def test_failed_app_that_is_deployed_anew_is_on_its_way(self, door: Door) -> None:
        await door.put(state="failed", reason="exited", deployment={**NEWS, "state": "building"})
        async with door.knock(cookie="good", headers=PAGE) as answer:
            assert "Starting up" in await answer.text()
        async with door.knock("/.hothouse/status", cookie="good") as answer:
            assert (await answer.json())["state"] == "starting"

    async def test_stopped_app(self, door: Door) -> None:
        await door.put(state="stopped")
        async with door.knock(cookie="good", headers=PAGE) as answer:
            assert answer.status == 503
            assert "is stopped" in await answer.text()
        assert door.hub.wakes == []

    async def test_stranger(self, door: Door) -> None:
        async with door.knock(headers={**PAGE, "Authorization": "Bearer hh_stranger"}) as answer:
            html = await answer.text()
            assert answer.status == 404
        assert "eve@example.org" in html
        assert f"http://{door.main_host}/ask-for-access?app=echo" in html
        assert "Echo" not in html

    async def test_address_that_no_app_can_have(self, door: Door) -> None:
        for slug in ("a.b", "-a", "a_b", "a" * 64):
            for headers, kind in ((PAGE, "text/html"), ({}, "application/problem+json")):
                async with door.knock(host=f"{slug}.{door.settings.domain}", headers=headers) as answer:
                    assert answer.status == 404
                    assert answer.headers["Content-Type"].startswith(kind)
                    assert "ask-for-access" not in await answer.text()

    async def test_deleted_app_closes_its_connections(self, door: Door) -> None:
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        async with door.session.ws_connect("/ws", headers=headers) as socket:
            door.hub.remove("app_echo")
            message = await socket.receive(timeout=5)
            assert message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
        async with door.knock(headers={"Authorization": "Bearer hh_token"}) as answer:
            assert answer.status == 404

    async def test_app_that_refuses_connections(self, door: Door) -> None:
        await door.put(endpoint=f"http://127.0.0.1:{free_port()}")
        async with door.knock(cookie="good", headers=PAGE) as answer:
            assert answer.status == 502
            assert "does not answer" in await answer.text()

    async def test_app_that_moves_while_it_refuses(self, door: Door) -> None:
        await door.put(endpoint=f"http://127.0.0.1:{free_port()}")
        asked = asyncio.create_task(TestWaking.visit(door))
        await until(lambda: door.hub.admissions)
        await door.put(endpoint=door.app.endpoint)
        assert await asked == 200


class TestAdmission:
    async def test_asked_once_for_many_requests(self, door: Door) -> None:
        door.hub.admission_gate.clear()
        visitors = [asyncio.create_task(TestWaking.visit(door)) for _ in range(20)]
        await until(lambda: door.hub.admissions)
        door.hub.admission_gate.set()
        assert set(await asyncio.gather(*visitors)) == {200}
        assert await TestWaking.visit(door) == 200
        assert door.hub.admissions == [{"app_id": "app_echo", "app_session": "good", "bearer": None}]

    async def test_token_and_session_are_told_apart(self, door: Door) -> None:
        async with door.knock(cookie="hh_token") as answer:
            assert answer.status == 200
        async with door.knock(headers={"Authorization": "Bearer hh_token"}) as answer:
            assert answer.status == 200
        assert [question["bearer"] for question in door.hub.admissions] == [None, "hh_token"]

    async def test_change_of_access_counts_at_once(self, door: Door) -> None:
        await door.put(endpoint=door.app.endpoint, access="public")
        assert await TestWaking.visit(door) == 200
        del door.hub.sessions["good"]
        await door.put(endpoint=door.app.endpoint, access="private")
        assert await TestWaking.visit(door) == 401

    async def test_expired_decision_is_asked_again(self, door: Door) -> None:
        door.hub.ttl_seconds = 0
        assert await TestWaking.visit(door) == 200
        del door.hub.sessions["good"]
        assert await TestWaking.visit(door) == 401

    async def test_public_app_asks_nobody(self, door: Door) -> None:
        await door.put(endpoint=door.app.endpoint, access="public")
        async with door.knock() as answer:
            assert answer.status == 200
        assert door.hub.admissions == []


class TestHubAway:
    async def test_no_request_to_an_app_fails_meanwhile(self, door: Door) -> None:
        door.hub.ttl_seconds = 0  # each request would ask
        statuses: list[int] = []
        ended = asyncio.Event()

        async def visitor() -> None:
            while not ended.is_set():
                statuses.append(await TestWaking.visit(door))

        visitors = [asyncio.create_task(visitor()) for _ in range(8)]
        for _ in range(2):
            for act in (door.hub.kill, door.hub.start):
                count = len(statuses)
                await until(lambda count=count: len(statuses) > count + 100)
                await act()
        ended.set()
        await asyncio.gather(*visitors)
        assert set(statuses) == {200}

    async def test_failing_hub_is_as_good_as_none(self, door: Door) -> None:
        door.hub.ttl_seconds = 0
        assert await TestWaking.visit(door) == 200
        door.hub.is_failing = True
        assert await TestWaking.visit(door) == 200

    async def test_newcomers_are_asked_to_wait(self, door: Door) -> None:
        await door.hub.kill()
        async with door.knock(cookie="unheard-of", headers=PAGE) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
            assert 'http-equiv="refresh"' in await answer.text()

    async def test_main_origin(self, door: Door) -> None:
        await door.hub.kill()
        async with door.knock("/health/live", host=door.main_host) as answer:
            assert (answer.status, await answer.json()) == (200, {"status": "ok"})
        async with door.knock("/health/ready", host=door.main_host) as answer:
            assert answer.status == 503
            assert (await answer.json())["parts"]["hub"] == "away"
        async with door.knock("/api/v1/apps", host=door.main_host) as answer:
            assert (await answer.json())["type"] == "/problems/hub-away"

    async def test_short_absence_is_waited_out(self, door: Door) -> None:
        await door.hub.kill()
        asked = asyncio.create_task(self.main_page(door))
        await asyncio.wait([asked], timeout=0.3)
        await door.hub.start()
        assert await asked == 200

    @staticmethod
    async def main_page(door: Door) -> int:
        async with door.knock("/", host=door.main_host) as answer:
            return answer.status

    async def test_routes_are_learnt_anew(self, door: Door) -> None:
        await door.hub.kill()
        door.hub.routes["app_new"] = {**door.hub.routes.pop("app_echo"), "app_id": "app_new", "slug": "new"}
        await door.hub.start()
        await until(lambda: "new" in door.gateway.table.by_slug)
        assert "echo" not in door.gateway.table.by_slug

    async def test_large_upload_streams_to_the_hub(self, door: Door) -> None:
        async def pieces():
            for _ in range(40):
                yield b"x" * 250_000

        async with door.knock("/api/v1/uploads", method="POST", host=door.main_host, data=pieces()) as answer:
            assert (await answer.json())["size"] == 10_000_000


class TestActivity:
    async def test_requests_and_websockets_are_reported(self, door: Door) -> None:
        for _ in range(3):
            await TestWaking.visit(door)
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        async with door.session.ws_connect("/ws", headers=headers):
            await door.gateway.activity.report()
            (item,) = door.hub.activity
            assert (item["app_id"], item["requests"], item["open_connections"]) == ("app_echo", 4, 1)
            await door.gateway.activity.report()
            assert len(door.hub.activity) == 1  # nothing new
        await until(lambda: not [client for client in door.gateway.server.clients if client.tunnel])
        await door.gateway.activity.report()
        assert (door.hub.activity[1]["requests"], door.hub.activity[1]["open_connections"]) == (0, 0)

    async def test_nothing_is_lost_while_the_hub_is_away(self, door: Door) -> None:
        await TestWaking.visit(door)
        await door.hub.kill()
        await TestWaking.visit(door)
        await door.gateway.activity.report()
        await door.hub.start()
        await door.gateway.activity.report()
        assert [item["requests"] for item in door.hub.activity] == [2]


class TestProcess:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    async def test_drains_on_a_signal(self, door: Door, number: int) -> None:
        port = free_port()
        listen = f"unix:{door.hub.path}"
        settings = {"HOME": door.settings.home, "PORT": port, "HUB_LISTEN": listen, "INTERNAL_KEY": KEY}
        program = "import asyncio,hothouse.gateway as g,hothouse.settings as s;asyncio.run(g.serve(s.Settings()))"
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, **{f"HOTHOUSE_{name}": str(value) for name, value in settings.items()}},
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            assert "ready" in await asyncio.to_thread(process.stdout.readline)
            headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
            async with door.session.get(f"http://127.0.0.1:{port}/events", headers=headers) as answer:
                assert answer.status == 200  # though it may not have had the routes yet
                await answer.content.readuntil(b"first\n\n")
                process.send_signal(number)
                await asyncio.to_thread(self.wait_for_line, process, "draining")
                with pytest.raises(aiohttp.ClientConnectorError):
                    await door.session.get(f"http://127.0.0.1:{port}/", headers=headers)
                door.app.gate.touch()
                assert b"second" in await answer.content.read()
            assert await asyncio.to_thread(process.wait, 10) == 0
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    @staticmethod
    def wait_for_line(process: subprocess.Popen[str], text: str) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if text in line:
                return
        raise AssertionError(f"the gateway ended without saying {text!r}")
