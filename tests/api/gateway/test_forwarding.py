"""Requests and responses through the gateway, byte for byte and in time."""

import asyncio
import hashlib
import io
import json
import os

import aiohttp
import pytest
from tests.support.gateway_door import Door, Stub, until
from yarl import URL

from hothouse.gateway.wire.limits import Limits


def values(said: dict, name: str) -> list[str]:
    return [value for field, value in said["headers"] if field == name]


class TestHeaders:
    async def test_identity_and_forwarding_are_set(self, door: Door) -> None:
        async with door.knock(URL("/a%20b?q=1&r=%2F", encoded=True), cookie="good") as answer:
            said = await answer.json()
        assert (said["path"], said["query"]) == ("/a%20b", "q=1&r=%2F")
        assert values(said, "host") == [door.app_host]
        assert values(said, "x-hothouse-user") == ["usr_ada"]
        assert values(said, "x-hothouse-email") == ["ada@example.org"]
        assert values(said, "x-hothouse-name") == ["Ada%20%C5%81ovelace"]
        assert values(said, "x-hothouse-groups") == ["lab,a%2Cb"]
        assert values(said, "x-forwarded-for") == ["127.0.0.1"]
        assert values(said, "x-forwarded-proto") == ["http"]
        assert values(said, "x-forwarded-host") == [door.app_host]
        assert values(said, "x-forwarded-port") == [str(door.port)]
        assert len(values(said, "x-request-id")) == 1

    async def test_what_a_client_claims_is_dropped(self, door: Door) -> None:
        await door.put(endpoint=door.app.endpoint, access="public")
        claims = {
            "X-Hothouse-User": "admin", "x_hothouse_user": "admin", "X-HotHouse_Email": "root@example.org",
            "X-Hothouse-Internal-Key": "guess", "X-Forwarded-For": "8.8.8.8", "X_Forwarded_Proto": "https",
            "Forwarded": "for=8.8.8.8", "X-Real-IP": "8.8.8.8", "X-Request-Id": "mine", "Proxy": "http://evil",
        }  # fmt: skip
        async with door.knock(headers={**claims, "X-Own": "kept"}) as answer:
            said = await answer.json()
        text = json.dumps(said["headers"])
        for lie in ("admin", "root@example.org", "guess", "8.8.8.8", '"https"', "mine", "evil"):
            assert lie not in text
        assert values(said, "x-own") == ["kept"]
        assert not [name for name, _ in said["headers"] if name.startswith("x-hothouse")]

    async def test_hop_by_hop_fields_end_at_the_gateway(self, door: Door) -> None:
        raw = door.head("Connection: close, X-Secret", "X-Secret: 1", "Keep-Alive: 5", "TE: trailers", "X-Kept: 2")
        answer = await door.send(raw + b"\r\n")
        said = json.loads(answer.partition(b"\r\n\r\n")[2])
        names = {name for name, _ in said["headers"]}
        assert names.isdisjoint({"connection", "x-secret", "keep-alive", "te"})
        assert "x-kept" in names

    async def test_responses_lose_hop_by_hop_fields(self, door: Door) -> None:
        fields = json.dumps([["keep-alive", "timeout=5"], ["proxy-connection", "x"], ["x-kept", "2"]])
        async with door.knock("/cookies", method="POST", cookie="good", data=fields) as answer:
            assert answer.headers["x-kept"] == "2"
            assert "keep-alive" not in answer.headers
            assert "proxy-connection" not in answer.headers

    async def test_cookies_and_tokens_of_the_platform_stay_outside(self, door: Door) -> None:
        platforms = "__Host-hothouse_session=s1; hothouse_session=s2; hothouse_handover=s3"
        cookie = f"theme=dark; hothouse_app=good; {platforms}; a=b=c"
        async with door.knock(headers={"Cookie": cookie}) as answer:
            said = await answer.json()
        assert values(said, "cookie") == ["theme=dark; a=b=c"]
        async with door.knock(headers={"Authorization": "bearer hh_token"}) as answer:
            said = await answer.json()
        assert values(said, "authorization") == []
        assert values(said, "x-hothouse-user") == ["usr_ada"]

    async def test_other_authorization_passes(self, door: Door) -> None:
        async with door.knock(cookie="good", headers={"Authorization": "Bearer eyJ.own"}) as answer:
            said = await answer.json()
        assert values(said, "authorization") == ["Bearer eyJ.own"]
        assert "cookie" not in dict(said["headers"])

    async def test_apps_cannot_set_cookies_of_others(self, door: Door) -> None:
        fields = [
            ["set-cookie", "own=1; Path=/"],
            ["set-cookie", f"mine=1; Domain=echo.{door.settings.domain}"],
            ["set-cookie", "hothouse_app=evil"],
            ["set-cookie", " hothouse_session =evil"],
            ["set-cookie", "=hothouse_app=evil"],
            ["set-cookie", "__Host-hothouse_app=evil; Secure; Path=/"],
            ["set-cookie", f"tossed=1; Domain=.{door.settings.domain}"],
            ["set-cookie", "tossed=1; path=/; DOMAIN = localhost"],
            ["clear-site-data", '"cookies"'],
            ["alt-svc", 'h2="evil:443"'],
        ]
        async with door.knock("/cookies", method="POST", cookie="good", data=json.dumps(fields)) as answer:
            assert answer.headers.getall("set-cookie") == [
                "own=1; Path=/",
                f"mine=1; Domain=echo.{door.settings.domain}",
            ]
            assert "clear-site-data" not in answer.headers
            assert "alt-svc" not in answer.headers


class TestBodies:
    async def test_upload_arrives_whole(self, door: Door) -> None:
        content = os.urandom(3_000_000)

        async def pieces():
            for start in range(0, len(content), 70_000):
                yield content[start : start + 70_000]

        for data in (io.BytesIO(content), pieces()):
            async with door.knock("/count", method="POST", cookie="good", data=data) as answer:
                said = json.loads(await answer.read())
            assert said == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    async def test_download_arrives_whole(self, door: Door) -> None:
        async with door.knock("/big?size=20000000", cookie="good") as answer:
            content = await answer.read()
        assert len(content) == 20_000_000
        assert set(content) == {ord("z")}

    async def test_both_directions_stream_at_once(self, door: Door) -> None:
        reader, writer = await door.connect()
        writer.write(door.head("Transfer-Encoding: chunked", target="/duplex", method="POST") + b"\r\n")
        for word in (b"one", b"two", b"three"):
            writer.write(b"%x\r\n%b\r\n" % (len(word), word))
            async with asyncio.timeout(5):
                await reader.readuntil(b"<" + word + b">")  # answered before the next is sent
        writer.write(b"0\r\n\r\n")
        async with asyncio.timeout(5):
            await reader.readuntil(b"0\r\n\r\n")
        writer.close()

    async def test_events_come_as_they_are_sent(self, door: Door) -> None:
        async with door.knock("/events", cookie="good") as answer:
            async with asyncio.timeout(5):
                assert await answer.content.readuntil(b"\n\n") == b"data: first\n\n"
            door.app.gate.touch()
            assert await answer.content.read() == b"data: second\n\n"

    async def test_slow_reader_slows_the_app(self, door: Door) -> None:
        _reader, writer = await door.connect()
        writer.transport.pause_reading()
        writer.write(door.head(target="/big?size=200000000") + b"\r\n")

        async def settled() -> int:
            last = -1
            while (now := len(door.app.read_notes())) != last or now == 0:
                last = now
                await asyncio.sleep(0.3)
            return last

        async with asyncio.timeout(20):
            sent = await settled()
        assert sent * 65536 < 100_000_000
        writer.transport.abort()

    async def test_head_and_empty_responses(self, door: Door) -> None:
        reader, writer = await door.connect()
        for request, status in (
            (door.head(method="HEAD"), b"200"),
            (door.head(target="/status?code=204"), b"204"),
            (door.head(target="/status?code=304"), b"304"),
            (door.head(method="HEAD", target="/big?size=100"), b"200"),
        ):
            writer.write(request + b"\r\n")
            async with asyncio.timeout(5):
                head = await reader.readuntil(b"\r\n\r\n")
            assert head.split(b" ")[1] == status
        writer.write(door.head("Connection: close") + b"\r\n")
        async with asyncio.timeout(5):
            assert (await reader.read()).startswith(b"HTTP/1.1 200")  # nothing was left over in between
        writer.close()

    async def test_expect_continue_is_answered_by_the_app(self, door: Door) -> None:
        reader, writer = await door.connect()
        writer.write(door.head("Content-Length: 5", "Expect: 100-continue", method="POST") + b"\r\n")
        async with asyncio.timeout(5):
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"hello")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert b'"body": "hello"' in await reader.readuntil(b'"client"')
        writer.close()

    async def test_early_answer_reaches_a_client_that_still_sends(self, door: Door, stub: Stub) -> None:
        async def refuses(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 8\r\n\r\ntoo much")
            await reader.read()

        await door.put(endpoint=await stub(refuses))
        reader, writer = await door.connect()
        writer.write(door.head("Content-Length: 3000000", method="POST") + b"\r\n")
        writer.write(b"x" * 1_000_000)
        async with asyncio.timeout(5):
            answer = await reader.readuntil(b"too much")
        assert answer.startswith(b"HTTP/1.1 413")
        writer.write(b"x" * 2_000_000 + door.head("Connection: close") + b"\r\n")
        async with asyncio.timeout(5):
            assert b"HTTP/1.1 413" in await reader.read()
        writer.close()

    async def test_old_clients_get_no_chunks(self, door: Door) -> None:
        door.app.gate.touch()
        raw = door.head(target="/events").replace(b"HTTP/1.1", b"HTTP/1.0")
        head, _, body = (await door.send(raw + b"\r\n")).partition(b"\r\n\r\n")
        assert b"transfer-encoding" not in head
        assert b"connection: close" in head
        assert body == b"data: first\n\ndata: second\n\n"


class TestConnections:
    async def test_upstream_connections_are_used_again(self, door: Door) -> None:
        ports = set()
        for _ in range(20):
            async with door.knock(cookie="good") as answer:
                ports.add((await answer.json())["client"][1])
        assert len(ports) == 1

    async def test_pipelined_requests_are_answered_in_order(self, door: Door) -> None:
        raw = b"".join(door.head(target=f"/{number}") + b"\r\n" for number in range(5))
        answer = await door.send(raw + door.head("Connection: close", target="/last") + b"\r\n")
        places = [answer.index(f'"path": "/{name}"'.encode()) for name in (0, 1, 2, 3, 4, "last")]
        assert places == sorted(places)

    async def test_stale_connection_is_not_noticed(self, door: Door, stub: Stub) -> None:
        """An upstream that closes the connection on reuse gets a repeatable request once more, and no other."""
        asked: list[bytes] = []
        connections = 0

        async def closes_on_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            asked.append((await reader.readuntil(b"\r\n\r\n")).split(b" ")[0])
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            asked.append((await reader.readuntil(b"\r\n\r\n")).split(b" ")[0])

        await door.put(endpoint=await stub(closes_on_second))
        for _ in range(2):
            async with door.knock(cookie="good") as answer:
                assert await answer.text() == "ok"
        assert (asked, connections) == ([b"GET", b"GET", b"GET"], 2)
        async with door.knock(cookie="good", method="POST") as answer:
            assert answer.status == 502
        assert asked == [b"GET", b"GET", b"GET", b"POST"]

    async def test_client_that_leaves_ends_the_request_at_the_app(self, door: Door) -> None:
        reader, writer = await door.connect()
        writer.write(door.head(target="/events") + b"\r\n")
        async with asyncio.timeout(5):
            await reader.readuntil(b"first")
        writer.transport.abort()
        await until(lambda: ["left", "/events"] in door.app.read_notes())

    async def test_app_that_dies_breaks_the_response_visibly(self, door: Door, stub: Stub) -> None:
        async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n")
            await writer.drain()
            writer.transport.abort()

        await door.put(endpoint=await stub(dies))
        with pytest.raises(aiohttp.ClientPayloadError):
            async with door.knock(cookie="good") as answer:
                await answer.read()

    @pytest.mark.parametrize(
        "response",
        [
            b"nonsense\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nabc",
            b"HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
            b"",
        ],
    )
    async def test_responses_that_cannot_be_trusted(self, door: Door, stub: Stub, response: bytes) -> None:
        async def says(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(response)

        await door.put(endpoint=await stub(says))
        async with door.knock(cookie="good") as answer:
            assert answer.status == 502
            assert (await answer.json())["type"] == "/problems/app-unreachable"

    async def test_second_response_is_never_given_to_the_next_visitor(self, door: Door, stub: Stub) -> None:
        connections = 0

        async def says_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil"
            )

        await door.put(endpoint=await stub(says_twice))
        for _ in range(3):
            async with door.knock(cookie="good") as answer:
                assert await answer.text() == "good"
        assert connections == 3


class TestWebSockets:
    async def test_text_binary_and_subprotocol(self, door: Door) -> None:
        headers = {"Host": door.app_host, "Cookie": "hothouse_app=good; a=1", "Origin": f"http://{door.app_host}"}
        async with door.session.ws_connect("/ws", headers=headers, protocols=("one", "two")) as socket:
            assert socket.protocol == "two"
            await socket.send_str("hello")
            assert await socket.receive_str() == "HELLO"
            content = os.urandom(2_000_000)
            await socket.send_bytes(content)
            assert await socket.receive_bytes() == content[::-1]
            await socket.send_str("headers")
            fields = dict(json.loads(await socket.receive_str()))
            assert fields["x-hothouse-user"] == "usr_ada"
            assert fields["cookie"] == "a=1"
            await socket.close(code=3007)
        await until(lambda: ["closed", 3007] in door.app.read_notes())

    async def test_client_that_vanishes_closes_the_other_end(self, door: Door) -> None:
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        socket = await door.session.ws_connect("/ws", headers=headers)
        socket._response.connection.transport.abort()
        await until(lambda: [note for note in door.app.read_notes() if note[0] == "closed"])
        await socket.close()

    async def test_refusal_by_the_app_passes(self, door: Door) -> None:
        headers = {"Host": door.app_host, "Authorization": "Bearer hh_token"}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await door.session.ws_connect("/refused", headers=headers)
        assert refusal.value.status == 403

    async def test_other_upgrades_are_ordinary_requests(self, door: Door) -> None:
        raw = door.head("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
        answer = await door.send(raw + b"\r\n" + door.head("Connection: close", target="/next") + b"\r\n")
        assert answer.count(b"HTTP/1.1 200") == 2
        assert b"h2c" not in answer


class TestLimits:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(head_seconds=0.3, idle_seconds=0.3, body_stall_seconds=0.3, connections=6)

    async def test_head_that_never_ends(self, door: Door) -> None:
        assert (await door.send(b"GET / HTTP/1.1\r\nX-Slow: 1")).startswith(b"HTTP/1.1 408")

    async def test_head_that_never_ends_behind_another_request(self, door: Door) -> None:
        answer = await door.send(door.head() + b"\r\nGET / HTTP/1.1\r\nX-Slow: 1")
        assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"200", b"408"]

    async def test_body_that_stalls(self, door: Door) -> None:
        assert await door.send(door.head("Content-Length: 10", method="POST") + b"\r\nabc") == b""

    async def test_idle_connection(self, door: Door) -> None:
        answer = await door.send(door.head() + b"\r\n")
        assert answer.startswith(b"HTTP/1.1 200")

    async def test_slow_app_is_waited_for(self, door: Door) -> None:
        asked = asyncio.create_task(door.send(door.head("Connection: close", target="/slow") + b"\r\n"))
        await asyncio.wait([asked], timeout=1.5)
        assert not asked.done()
        door.app.gate.touch()
        assert (await asked).endswith(b"at last")

    async def test_too_many_connections(self, door: Door) -> None:
        held = [await door.connect() for _ in range(6)]
        assert (await door.send(b"")).startswith(b"HTTP/1.1 503")
        for _, writer in held:
            writer.close()
