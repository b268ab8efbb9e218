"""Apps that have another slug than they had: their former addresses lead to the present one."""

from urllib.parse import parse_qs, urlsplit

import pytest
from tests.support.gateway_door import Door, until
from yarl import URL

PAGE = {"Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Mode": "navigate"}
FORMER = {"slug": "sound", "former_slugs": ["voice", "echo"]}


async def rename(door: Door, **changes: object) -> str:
    """Give the app `echo` the slug `sound`; returns its new address."""
    await door.put(**{"endpoint": door.app.endpoint, **FORMER, **changes})
    return f"http://sound.{door.settings.domain}:{door.port}"


def host_of(address: str) -> str:
    return urlsplit(address).netloc


class TestMoved:
    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
    async def test_every_method_with_path_and_query(self, door: Door, method: str) -> None:
        address = await rename(door)
        path = "/a%20b/%2e/c;d=1?q=%C3%A9&next=//x&q=2"
        body = None if method in ("GET", "HEAD") else b"x" * 10_000
        async with door.knock(URL(path, encoded=True), method=method, cookie="good", data=body) as answer:
            assert answer.status == 308
            assert answer.headers["Location"] == address + path
            assert answer.headers["Cache-Control"] == "no-store", "it may be renamed back"
            assert await answer.read() == b""
        assert door.app.read_notes() == []

    async def test_present_address_serves(self, door: Door) -> None:
        address = await rename(door)
        async with door.knock(host=host_of(address), cookie="good") as answer:
            assert answer.status == 200
            assert ["x-forwarded-host", host_of(address)] in (await answer.json())["headers"]

    async def test_each_former_address(self, door: Door) -> None:
        address = await rename(door)
        for slug in FORMER["former_slugs"]:
            host = f"{slug}.{door.settings.domain}:{door.port}"
            async with door.knock("/x", host=host, cookie="good") as answer:
                assert (answer.status, answer.headers["Location"]) == (308, f"{address}/x")

    async def test_back_again(self, door: Door) -> None:
        address = await rename(door)
        await door.put(endpoint=door.app.endpoint, former_slugs=["sound", "voice"])
        async with door.knock(cookie="good") as answer:
            assert answer.status == 200
        async with door.knock("/x", host=host_of(address), cookie="good") as answer:
            assert (answer.status, answer.headers["Location"]) == (308, f"http://{door.app_host}/x")

    async def test_removed(self, door: Door) -> None:
        address = await rename(door)
        door.hub.remove("app_echo")
        await until(lambda: not door.gateway.table.by_id)
        for host in (door.app_host, host_of(address)):
            async with door.knock(host=host, headers={"Authorization": "Bearer hh_token"}) as answer:
                assert (answer.status, (await answer.json())["type"]) == (404, "/problems/unknown-app")

    async def test_a_path_that_looks_like_a_host_stays_a_path(self, door: Door) -> None:
        address = await rename(door)
        answer = await door.send(door.head("Connection: close", target="//evil.example/x") + b"\r\n")
        assert b"\r\nlocation: " + address.encode() + b"//evil.example/x\r\n" in answer
        answer = await door.send(door.head("Connection: close", target="*", method="OPTIONS") + b"\r\n")
        assert b"\r\nlocation: " + address.encode() + b"/\r\n" in answer

    async def test_sleeping_app_is_not_woken_for_it(self, door: Door) -> None:
        await rename(door, state="sleeping", endpoint=None)
        async with door.knock(cookie="good") as answer:
            assert answer.status == 308
        assert door.hub.wakes == []

    async def test_websocket_is_told_where_to(self, door: Door) -> None:
        """Browsers do not follow, and call it a failed connection; other clients do."""
        address = await rename(door)
        opening = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
        reader, writer = await door.connect()
        writer.write(door.head("Connection: Upgrade", *opening, f"Origin: http://{door.app_host}", target="/ws?a=1"))
        writer.write(b"\r\n")
        answer = await reader.readuntil(b"\r\n\r\n")
        writer.close()
        assert answer.startswith(b"HTTP/1.1 308 ")
        assert f"\r\nlocation: {address}/ws?a=1\r\n".encode() in answer

    async def test_what_is_open_stays_open(self, door: Door) -> None:
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        async with door.session.ws_connect("/ws", headers=headers) as socket:
            await rename(door)
            await socket.send_str("x")
            assert await socket.receive_str() == "X"

    async def test_starting_page_from_before_learns_that_it_is_over(self, door: Door) -> None:
        await rename(door)
        async with door.knock("/.hothouse/status?seen=0", cookie="good") as answer:
            assert (await answer.json())["ready"] is True


class TestStrangers:
    """Who may not open the app gets at a former address what he gets at the present one, and no hint of that one."""

    @pytest.mark.parametrize("headers", [PAGE, {}], ids=["page", "program"])
    @pytest.mark.parametrize("cookie", ["", "forged", "stranger"])
    @pytest.mark.parametrize("method", ["GET", "POST"])
    async def test_same_answer(self, door: Door, headers: dict[str, str], cookie: str, method: str) -> None:
        address = await rename(door)
        answers = []
        for host in (door.app_host, host_of(address)):
            async with door.knock("/x?y", host=host, cookie=cookie, headers=headers, method=method) as answer:
                told = {key: value for key, value in answer.headers.items() if key not in ("Date", "Set-Cookie")}
                location = told.pop("Location", "")
                assert "sound" not in (location + await answer.text()) or host != door.app_host
                query = parse_qs(urlsplit(location).query)
                answers.append((answer.status, told, query.get("next"), await answer.text()))
        assert answers[0] == answers[1]
        assert answers[0][0] in (303, 401, 403)

    async def test_page_of_another_app_cannot_send_a_visitor_on(self, door: Door) -> None:
        await rename(door)
        headers = {"Origin": f"http://evil.{door.settings.domain}:{door.port}"}
        async with door.knock(method="POST", cookie="good", headers=headers) as answer:
            assert (answer.status, (await answer.json())["type"]) == (403, "/problems/cross-site-request")

    async def test_public_app_is_for_everyone(self, door: Door) -> None:
        address = await rename(door, access="public")
        async with door.knock("/x") as answer:
            assert (answer.status, answer.headers["Location"]) == (308, f"{address}/x")


async def test_signing_in_at_a_former_address(door: Door) -> None:
    """The state that a sign-in is bound to is in the browser at the address where it began, so it ends there."""
    address = await rename(door)
    async with door.knock("/a?b=1", headers=PAGE) as answer:
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert (answer.status, query["app"]) == (303, ["echo"])
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    door.hub.codes["code1"] = ("app_echo", query["state"][0])
    back = "/.hothouse/handover?code=code1&next=%2Fa%3Fb%3D1"
    async with door.knock(back, headers={**PAGE, "Cookie": cookie}) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/a?b=1")
        session = answer.cookies["hothouse_app"].value
    async with door.knock("/a?b=1", cookie=session, headers=PAGE) as answer:
        assert (answer.status, answer.headers["Location"]) == (308, f"{address}/a?b=1")
