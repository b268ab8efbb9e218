"""Paths of a private app that everyone may ask: what passes, as whom, and what is only made to look like one."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
from tests.api.gateway.test_revoking import ends, goes_on
from tests.support.gateway_door import DEADLINE_SECONDS, Door, until

PUBLIC = ["/health", "/api/public/*", "/events", "/ws", "/slow"]
PAGE = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}

TRICKS = {
    "up and over": "/api/public/../admin",
    "up and over, deep": "/api/public/a/b/../../../admin",
    "up at the end": "/api/public/..",
    "up with a slash at the end": "/api/public/../",
    "this folder": "/api/public/./a",
    "up, encoded": "/api/public/%2e%2e/admin",
    "up, encoded in capitals": "/api/public/%2E%2E/admin",
    "up, half encoded": "/api/public/.%2e/admin",
    "up, the other half": "/api/public/%2e./admin",
    "up, encoded twice": "/api/public/%252e%252e/admin",
    "up, encoded thrice": "/api/public/%25252e%25252e/admin",
    "slash, encoded": "/api/public/..%2fadmin",
    "slash, encoded in capitals": "/api/public/x%2F..%2F..%2F..%2Fadmin",
    "slash, encoded twice": "/api/public/..%252fadmin",
    "backslash": "/api/public/..\\admin",
    "backslash, encoded": "/api/public/..%5cadmin",
    "backslash, encoded twice": "/api/public/..%255cadmin",
    "parameter": "/api/public/..;/admin",
    "parameter with a name": "/api/public/..;a=b/admin",
    "parameter at the end": "/api/public/a;b",
    "parameter, encoded": "/api/public/..%3b/admin",
    "parameter of an exact path": "/health;/../admin",
    "three dots": "/api/public/.../admin",
    "dots and more": "/api/public/..a/admin",
    "hidden file": "/api/public/.git/config",
    "two slashes inside": "/api/public//admin",
    "two slashes in front": "//api/public/a",
    "two slashes between": "/api//public/a",
    "two slashes, then up": "/api/public//../admin",
    "slash, overlong": "/api/public/..%c0%afadmin",
    "dot, overlong": "/api/public/%c0%ae%c0%ae/admin",
    "dot, overlong in three": "/api/public/%e0%80%ae%e0%80%ae/admin",
    "dots of full width": "/api/public/%ef%bc%8e%ef%bc%8e/admin",
    "slash of full width": "/api/public/..%ef%bc%8fadmin",
    "leader of two dots": "/api/public/%e2%80%a5/admin",
    "encoded by u": "/api/public/%u002e%u002e/admin",
    "no encoding at all": "/api/public/%zz",
    "encoding cut off": "/api/public/%2",
    "end of text": "/api/public/a%00b",
    "end of text, then up": "/api/public/%00/../admin",
    "tabulator, encoded": "/api/public/.%09./admin",
    "line break, encoded": "/api/public/a%0d%0aX-Hothouse-User:%20root",
    "blank, then up": "/api/public/%20../admin",
    "up, then blank": "/api/public/..%20/admin",
    "question mark, encoded": "/api/public/%3f/../admin",
    "hash": "/api/public/#/../admin",
    "hash after an exact path": "/health#/admin",
    "hash, encoded": "/api/public/%23/admin",
    "letter encoded for nothing": "/api/public/%61dmin",
    "prefix encoded": "/api/%70ublic/a",
    "prefix in capitals": "/API/PUBLIC/a",
    "exact path in capitals": "/Health",
    "letter that folds to ASCII": "/api/public/%e2%84%aa",
    "letter that capitals make ASCII": "/api/public/%c5%bf",
    "slash of a division": "/api/public/x%e2%88%95y",
    "blank of no width": "/api/public/a%e2%80%8bb",
    "next line": "/api/public/a%c2%85b",
    "letter beyond ASCII, raw": "/api/public/\xe4",
    "longer than the prefix": "/api/publicity",
    "prefix without its slash": "/api/public",
    "exact path with a slash": "/health/",
    "below an exact path": "/health/../admin",
    "beside an exact path": "/healthadmin",
    "exact path in the query": "/admin?/health",
    "exact path behind": "/admin/../health",
    "public path in the query": "/admin?x=/api/public/a",
    "no path": "*",
    "relative": "/..//api/public/a/../../../admin",
    "root": "/",
}


@pytest.fixture
async def open_door(door: Door) -> Door:
    await door.put(endpoint=door.app.endpoint, public_paths=PUBLIC)
    return door


async def ask(door: Door, target: str, *lines: str, method: str = "GET", cookie: str = "") -> tuple[int, str]:
    """Send a target exactly as it is written; return the status, and the path that the app saw."""
    head = door.head("Connection: close", *lines, target="/", method=method, cookie=cookie).decode()
    raw = head.replace(f"{method} / HTTP/1.1", f"{method} {target} HTTP/1.1", 1) + "\r\n"
    answer = await door.send(raw.encode("latin-1"))
    head, _, body = answer.decode("latin-1").partition("\r\n\r\n")
    status = int(head.split(" ")[1])
    return status, json.loads(body)["path"] if status == 200 else ""


class TestTricks:
    @pytest.mark.parametrize("target", TRICKS.values(), ids=TRICKS)
    async def test_reach_no_app(self, open_door: Door, target: str) -> None:
        method = "OPTIONS" if target == "*" else "GET"
        assert (await ask(open_door, target, method=method))[0] in (400, 401), target
        status, seen = await ask(open_door, target, cookie="stranger")
        assert status in (400, 401), (target, seen)

    async def test_absolute_target(self, open_door: Door) -> None:
        host = open_door.app_host
        assert await ask(open_door, f"http://{host}/health") == (200, "/health")
        assert (await ask(open_door, f"http://{host}/api/public/../admin"))[0] == 401
        assert (await ask(open_door, f"http://{host}//api/public/a"))[0] == 401
        assert (await ask(open_door, "http://evil.example/health"))[0] == 400

    @pytest.mark.parametrize("name", ["X-Original-URL", "X-Rewrite-URL", "X_Original_Url", "X-Forwarded-Prefix"])
    async def test_another_path_in_a_header(self, open_door: Door, name: str) -> None:
        async with open_door.knock("/health", headers={name: "/admin"}) as answer:
            said = await answer.json()
        assert said["path"] == "/health"
        assert "/admin" not in json.dumps(said["headers"])

    async def test_second_request_of_a_connection(self, open_door: Door) -> None:
        first = open_door.head(target="/health", cookie="")
        second = open_door.head("Connection: close", target="/admin", cookie="")
        answer = await open_door.send(first + b"\r\n" + second + b"\r\n")
        assert answer.count(b"HTTP/1.1 200") == 1
        assert answer.count(b"HTTP/1.1 401") == 1

    async def test_paths_of_the_gateway_itself(self, open_door: Door) -> None:
        await open_door.put(endpoint=open_door.app.endpoint, public_paths=["/.hothouse/*", "/*", "/../*", "//*"])
        for target in ("/.hothouse/status", "/.hothouse/x", "/", "/admin"):
            assert (await ask(open_door, target))[0] == 401


class TestPasses:
    @pytest.mark.parametrize(
        "target", ["/health", "/health?deep=1", "/api/public/", "/api/public/a/b.json", "/api/public/na%C3%AFve%20file"]
    )
    async def test_as_nobody(self, open_door: Door, target: str) -> None:
        assert await ask(open_door, target) == (200, target.partition("?")[0])
        assert open_door.hub.admissions == []

    async def test_any_method_and_body(self, open_door: Door) -> None:
        async with open_door.knock("/api/public/a", method="POST", data=b"hello") as answer:
            assert (await answer.json())["body"] == "hello"

    async def test_page_is_not_sent_to_sign_in(self, open_door: Door) -> None:
        async with open_door.knock("/api/public/a", headers=PAGE) as answer:
            assert answer.status == 200
        async with open_door.knock("/api/private", headers=PAGE) as answer:
            assert answer.status == 303

    @pytest.mark.parametrize(
        ("headers", "user"),
        [
            ({}, None),
            ({"Cookie": "hothouse_app=good"}, "usr_ada"),
            ({"Authorization": "Bearer hh_token"}, "usr_ada"),
            ({"Cookie": "hothouse_app=stranger"}, None),
            ({"Authorization": "Bearer hh_stranger"}, None),
            ({"Cookie": "hothouse_app=forged"}, None),
            ({"X-Hothouse-User": "root"}, None),
            ({"Cookie": "hothouse_app=good", "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, None),
        ],
        ids=["nobody", "Ada", "her token", "denied", "token of one denied", "forged", "claimed", "for another site"],
    )
    async def test_who_the_app_is_told(self, open_door: Door, headers: dict[str, str], user: str | None) -> None:
        for _ in range(2):  # asked, then remembered
            async with open_door.knock("/api/public/a", method="POST", headers=headers) as answer:
                assert answer.status == 200
                said = dict((await answer.json())["headers"])
            assert said.get("x-hothouse-user") == user
            assert "hothouse_app" not in said.get("cookie", "")
            assert "hh_" not in said.get("authorization", "")

    async def test_wakes_the_app(self, open_door: Door) -> None:
        await open_door.put(state="sleeping", public_paths=PUBLIC)
        assert (await ask(open_door, "/admin"))[0] == 401
        assert open_door.hub.wakes == []
        asked = asyncio.create_task(ask(open_door, "/health"))
        await until(lambda: open_door.hub.wakes)
        await open_door.put(endpoint=open_door.app.endpoint, public_paths=PUBLIC)
        assert await asked == (200, "/health")

    async def test_is_followed_to_a_new_address(self, open_door: Door) -> None:
        await open_door.put(endpoint=open_door.app.endpoint, public_paths=PUBLIC, slug="sound", former_slugs=["echo"])
        async with open_door.knock("/health") as answer:
            assert answer.status == 308
        async with open_door.knock("/admin") as answer:
            assert answer.status == 401


class TestTakenBack:
    """An exception that is removed ends what is open under it, and nothing else."""

    @staticmethod
    def connect(door: Door, cookie: str = "") -> aiohttp.client._WSRequestContextManager:
        return door.session.ws_connect("/ws", headers={"Host": door.app_host, "Cookie": f"hothouse_app={cookie}"})

    @pytest.fixture
    async def sockets(self, open_door: Door) -> AsyncIterator[dict[str, aiohttp.ClientWebSocketResponse]]:
        async with (
            self.connect(open_door) as nobody,
            self.connect(open_door, "stranger") as denied,
            self.connect(open_door, "good") as ada,
        ):
            yield {"nobody": nobody, "denied": denied, "Ada": ada}

    async def test_ends(self, open_door: Door, sockets: dict[str, aiohttp.ClientWebSocketResponse]) -> None:
        assert all([await goes_on(socket) for socket in sockets.values()])
        async with open_door.knock("/events") as events:
            await events.content.readuntil(b"\n\n")
            await open_door.put(endpoint=open_door.app.endpoint, public_paths=["/health"])
            assert await ends(sockets["nobody"])
            assert await ends(sockets["denied"])
            with pytest.raises(aiohttp.ClientError):
                await asyncio.wait_for(events.content.read(), DEADLINE_SECONDS)
        assert await goes_on(sockets["Ada"])

    async def test_another_exception_ends_nothing(
        self, open_door: Door, sockets: dict[str, aiohttp.ClientWebSocketResponse]
    ) -> None:
        await open_door.put(endpoint=open_door.app.endpoint, public_paths=["/ws", "/new"], audience="other")
        await open_door.put(endpoint=open_door.app.endpoint, public_paths=["/ws"], audience="again")
        assert all([await goes_on(socket) for socket in sockets.values()])

    async def test_who_loses_access_does_not_go_on_in_her_name(
        self, open_door: Door, sockets: dict[str, aiohttp.ClientWebSocketResponse]
    ) -> None:
        del open_door.hub.sessions["good"]
        open_door.hub.recheck(user_ids=["usr_ada"])
        assert await ends(sockets["Ada"])
        assert await goes_on(sockets["nobody"])

    async def test_request_that_waits(self, open_door: Door) -> None:
        await open_door.put(state="starting", public_paths=PUBLIC)
        asked = asyncio.create_task(open_door.send(open_door.head(target="/health", cookie="") + b"\r\n"))
        await until(lambda: open_door.gateway.activity.open_at("app_echo"))
        await open_door.put(state="starting", public_paths=[])
        with pytest.raises((ConnectionError, AssertionError)):
            assert b"200" in await asyncio.wait_for(asked, DEADLINE_SECONDS)

    async def test_while_the_hub_is_asked_who_it_is(self, open_door: Door) -> None:
        open_door.hub.admission_gate.clear()
        asked = asyncio.create_task(ask(open_door, "/health", cookie="stranger"))
        await until(lambda: open_door.hub.admissions)
        await open_door.put(endpoint=open_door.app.endpoint, public_paths=[])
        open_door.hub.admission_gate.set()
        assert (await asyncio.wait_for(asked, DEADLINE_SECONDS))[0] == 401
