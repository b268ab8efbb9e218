"""Attacks on the gateway: smuggled requests, oversized heads, other sites' pages, forged hand-overs."""

import json
from typing import ClassVar

import pytest
from tests.support.gateway_door import Door

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"


class TestSmuggling:
    @pytest.mark.parametrize(
        ("lines", "body"),
        [
            (["Content-Length: 4", "Transfer-Encoding: chunked"], b"0\r\n\r\n" + HIDDEN),
            (["Transfer-Encoding: chunked", "Content-Length: 4"], b"0\r\n\r\n" + HIDDEN),
            (["Content-Length: 0", "Content-Length: 34"], HIDDEN),
            (["Content-Length: 3", "Content-Length: 3"], b"abc"),
            (["Content-Length: +3"], b"abc"),
            (["Content-Length: 0x3"], b"abc"),
            (["Content-Length: 3, 3"], b"abc"),
            (["Content-Length: -1"], b"abc"),
            (["Content-Length : 3"], b"abc"),
            (["Transfer-Encoding: xchunked"], b"0\r\n\r\n"),
            (["Transfer-Encoding: chunked, identity"], b"0\r\n\r\n"),
            (["Transfer-Encoding: gzip, chunked"], b"0\r\n\r\n"),
            (["Transfer-Encoding: identity", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
            (["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
            (["Transfer-Encoding:\x0bchunked"], b"0\r\n\r\n"),
            (["Transfer-Encoding : chunked"], b"0\r\n\r\n"),
            (["X: a", " Transfer-Encoding: chunked"], b"0\r\n\r\n"),
            (["X: a\nTransfer-Encoding: chunked"], b"0\r\n\r\n"),
            (["X: a\rTransfer-Encoding: chunked"], b"0\r\n\r\n"),
            (["X: a\x00b"], b""),
            (["X\x7f: a"], b""),
            ([": a"], b""),
            (["Host: other.example"], b""),
            (["Authorization: Bearer hh_token", "Authorization: Bearer other"], b""),
        ],
    )
    async def test_ambiguous_requests_are_refused(self, door: Door, lines: list[str], body: bytes) -> None:
        answer = await door.send(door.head(*lines, method="POST") + b"\r\n" + body)
        assert answer.split(b" ")[1] in (b"400", b"501"), answer
        assert answer.count(b"HTTP/1.1") == 1  # nothing after it was taken for a request
        assert b"application/problem+json" in answer
        assert answer.rstrip().endswith(b"}")

    @pytest.mark.parametrize(
        "chunks",
        [b"0x3\r\nabc\r\n0\r\n\r\n", b"3\nabc\n0\n\n", b"3\r\nabcX0\r\n\r\n", b"-1\r\n\r\n", b"3 \r\nabc\r\n0\r\n\r\n"],
    )
    async def test_malformed_chunks_reach_no_app(self, door: Door, chunks: bytes) -> None:
        answer = await door.send(door.head("Transfer-Encoding: chunked", method="POST") + b"\r\n" + chunks)
        assert answer.startswith(b"HTTP/1.1 400")

    @pytest.mark.parametrize(
        ("line", "status"),
        [
            (b"GET / HTTP/1.1\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", b"400"),
            (b"GET / HTTP/0.9\r\nHost: localhost\r\n\r\n", b"505"),
            (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", b"505"),
            (b"GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
            (b"GET hello HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
            (b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"405"),
            (b"POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
            (b"\x16\x03\x01\x02\x00\x01\x00", b"400"),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"400"),
        ],
    )
    async def test_unreadable_requests(self, door: Door, line: bytes, status: bytes) -> None:
        answer = await door.send(line)
        assert answer.split(b" ")[1] == status, answer

    async def test_absolute_target_of_the_same_host(self, door: Door) -> None:
        raw = door.head("Connection: close", target=f"http://{door.app_host}/there?x=1")
        said = json.loads((await door.send(raw + b"\r\n")).partition(b"\r\n\r\n")[2])
        assert said["path"] == "/there"

    async def test_trailers_carry_no_headers(self, door: Door) -> None:
        raw = door.head("Transfer-Encoding: chunked", "Connection: close", "Trailer: X-Hothouse-User", method="POST")
        answer = await door.send(raw + b"\r\n2\r\nhi\r\n0\r\nX-Hothouse-User: root\r\n\r\n")
        said = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert said["body"] == "hi"
        assert "root" not in json.dumps(said)

    async def test_head_too_large(self, door: Door) -> None:
        assert (await door.send(door.head("X: " + "a" * 40_000) + b"\r\n")).startswith(b"HTTP/1.1 431")
        many = [f"X-{number}: 1" for number in range(200)]
        assert (await door.send(door.head(*many) + b"\r\n")).startswith(b"HTTP/1.1 431")
        assert (await door.send(b"GET /" + b"a" * 500_000)).startswith(b"HTTP/1.1 431")


class TestHosts:
    async def test_hosts_that_are_not_ours(self, door: Door) -> None:
        for host in ("evil.example", door.settings.domain, f"echo.{door.settings.domain}.evil.example", "10.0.0.1"):
            async with door.knock(host=host) as answer:
                assert answer.status == 421
                assert (await answer.json())["type"] == "/problems/unknown-host"

    async def test_hosts_of_the_main_origin(self, door: Door) -> None:
        for host in ("localhost", "127.0.0.1:1", "[::1]:8000", "LOCALHOST."):
            async with door.knock(host=host) as answer:
                assert (await answer.json())["path"] == "/"

    async def test_case_and_final_dot_do_not_matter(self, door: Door) -> None:
        async with door.knock(host=f"ECHO.{door.settings.domain}.:{door.port}", cookie="good") as answer:
            assert answer.status == 200


class TestInternalApi:
    @pytest.mark.parametrize(
        "path",
        ["/internal/v1/routes", "/internal", "//internal/v1", "/%69nternal/v1/routes", "/x/../internal/v1",
         "/./internal", "/INTERNAL/v1", "/x/%2e%2e/internal/v1/admit", "/%2finternal/v1"],
    )  # fmt: skip
    async def test_is_not_there_for_outsiders(self, door: Door, path: str) -> None:
        key = "X-Hothouse-Internal-Key: internal-key-of-the-tests"
        raw = f"GET {path} HTTP/1.1\r\nHost: {door.main_host}\r\n{key}\r\nConnection: close\r\n\r\n"
        assert (await door.send(raw.encode())).startswith(b"HTTP/1.1 404")
        assert door.hub.seen == []

    async def test_key_is_stripped(self, door: Door) -> None:
        headers = {"X-Hothouse-Internal-Key": "k", "x_hothouse_internal_key": "k", "Cookie": "hothouse_session=s"}
        async with door.knock("/api/v1/apps", host=door.main_host, headers=headers) as answer:
            fields = {name.lower(): value for name, value in (await answer.json())["headers"]}
        assert not [name for name in fields if "internal" in name]
        assert fields["cookie"] == "hothouse_session=s"
        assert fields["x-forwarded-for"] == "127.0.0.1"

    async def test_paths_that_only_look_alike_pass(self, door: Door) -> None:
        async with door.knock("/internals", host=door.main_host) as answer:
            assert answer.status == 200
        async with door.knock("/internal/x", cookie="good") as answer:
            assert (await answer.json())["path"] == "/internal/x"  # an app's own


class TestOtherSites:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "http://evil.apps.localhost"},
            {"Origin": "null"},
            {"Origin": "http://localhost"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "cross-site"},
        ],
    )
    async def test_may_not_act_in_a_visitors_name(self, door: Door, headers: dict[str, str]) -> None:
        for method in ("POST", "DELETE", "PATCH"):
            async with door.knock(method=method, cookie="good", headers=headers) as answer:
                assert answer.status == 403
                assert (await answer.json())["type"] == "/problems/cross-site-request"

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "http://evil.apps.localhost", "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
            {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"},
            {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
            {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "object"},
        ],
    )
    async def test_may_not_read_in_a_visitors_name(self, door: Door, headers: dict[str, str]) -> None:
        for path in ("/", "/.hothouse/status"):
            async with door.knock(path, cookie="good", headers=headers) as answer:
                assert answer.status == 403
                assert "usr_ada" not in await answer.text()

    async def test_may_link_to_an_app(self, door: Door) -> None:
        headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
        async with door.knock(cookie="good", headers=headers) as answer:
            assert answer.status == 200

    async def test_may_not_open_websockets(self, door: Door) -> None:
        lines = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]
        raw = door.head(*lines, "Sec-WebSocket-Version: 13", "Origin: http://evil.apps.localhost")
        assert (await door.send(raw + b"\r\n")).startswith(b"HTTP/1.1 403")

    async def test_own_pages_and_programs_may(self, door: Door) -> None:
        for headers in ({"Origin": f"http://{door.app_host}"}, {"Sec-Fetch-Site": "same-origin"}, {}):
            async with door.knock(method="POST", cookie="good", headers=headers) as answer:
                assert answer.status == 200
        headers = {"Authorization": "Bearer hh_token", "Origin": "http://elsewhere.example"}
        async with door.knock(method="POST", headers=headers) as answer:
            assert answer.status == 200

    async def test_public_app_hears_them_without_the_visitors_name(self, door: Door) -> None:
        await door.put(endpoint=door.app.endpoint, access="public")
        headers = {"Origin": "http://elsewhere.example"}
        async with door.knock(method="POST", cookie="good", headers=headers) as answer:
            assert "usr_ada" not in await answer.text()
            assert answer.status == 200


class TestHandover:
    PAGE: ClassVar = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate"}

    async def begin(self, door: Door, path: str = "/deep/page?x=1&y=2") -> str:
        """Go to the app as nobody; return the state that the browser was given."""
        async with door.knock(path, headers=self.PAGE) as answer:
            assert answer.status == 303
            cookie = answer.headers["Set-Cookie"]
            state = cookie.partition("=")[2].partition(";")[0]
            assert cookie.startswith("hothouse_handover=")
            assert "HttpOnly" in cookie
            assert "Domain" not in cookie
            location = f"{door.settings.main_url}/api/v1/auth/handover?app=echo&state={state}&next="
            assert answer.headers["Location"] == location + "/deep/page%3Fx%3D1%26y%3D2"
        return state

    def finish(self, door: Door, code: str, state: str, target: str = "/deep/page%3Fx%3D1"):
        headers = {**self.PAGE, "Cookie": f"hothouse_handover={state}"}
        return door.knock(f"/.hothouse/handover?code={code}&next={target}", headers=headers)

    async def test_round_trip(self, door: Door) -> None:
        state = await self.begin(door)
        door.hub.codes["c1"] = ("app_echo", state)
        async with self.finish(door, "c1", state) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/deep/page?x=1")
            app_cookie, gone = answer.headers.getall("Set-Cookie")
        assert app_cookie == "hothouse_app=good; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"
        assert "Max-Age=0" in gone
        async with door.knock("/deep/page?x=1", cookie="good", headers=self.PAGE) as answer:
            assert answer.status == 200

    async def test_replayed_code(self, door: Door) -> None:
        state = await self.begin(door)
        door.hub.codes["c1"] = ("app_echo", state)
        async with self.finish(door, "c1", state) as answer:
            assert answer.status == 303
        async with self.finish(door, "c1", state) as answer:
            assert answer.status == 403
            assert "Set-Cookie" not in answer.headers

    async def test_code_of_another_browser_or_app(self, door: Door) -> None:
        state = await self.begin(door)
        door.hub.codes = {"c1": ("app_echo", "s" * 43), "c2": ("app_other", state)}
        for code in ("c1", "c2", "", "guess"):
            async with self.finish(door, code, state) as answer:
                assert answer.status == 403
        async with door.knock("/.hothouse/handover?code=c1&next=/") as answer:
            assert answer.status == 403  # no state at all

    async def test_planted_second_state_is_not_trusted(self, door: Door) -> None:
        state = await self.begin(door)
        door.hub.codes["c1"] = ("app_echo", "e" * 43)
        async with self.finish(door, "c1", f"{'e' * 43}; hothouse_handover={state}") as answer:
            assert answer.status == 403

    @pytest.mark.parametrize(
        "target",
        ["//evil.example", "https://evil.example", "/%5Cevil.example", "%5C%5Cevil", "javascript:alert(1)", "/%09/evil",
         "/a%0d%0aSet-Cookie:x=1", "", "/.hothouse/handover?code=x"],
    )  # fmt: skip
    async def test_open_redirects(self, door: Door, target: str) -> None:
        state = await self.begin(door)
        door.hub.codes["c1"] = ("app_echo", state)
        raw = door.head(
            "Connection: close", f"Cookie: hothouse_handover={state}", cookie="",
            target=f"/.hothouse/handover?code=c1&next={target}",
        )  # fmt: skip
        head = (await door.send(raw + b"\r\n")).decode()
        assert head.startswith("HTTP/1.1 303")
        assert "\r\nlocation: /\r\n" in head

    async def test_tabs_share_the_state(self, door: Door) -> None:
        state = await self.begin(door)
        async with door.knock(headers={**self.PAGE, "Cookie": f"hothouse_handover={state}"}) as answer:
            assert f"state={state}&" in answer.headers["Location"]

    async def test_programs_are_told_instead(self, door: Door) -> None:
        async with door.knock() as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert (await answer.json())["type"] == "/problems/sign-in-needed"
        async with door.knock(cookie="forged") as answer:
            assert answer.status == 401

    async def test_planted_cookies_are_removed_at_the_next_sign_in(self, door: Door) -> None:
        headers = {**self.PAGE, "Cookie": "hothouse_app=good; hothouse_app=planted"}
        async with door.knock("/deep/er;x?y", headers=headers) as answer:
            assert answer.status == 303
            _, *removed = answer.headers.getall("Set-Cookie")
        places = {"/", "/deep", "/deep/", "/.hothouse", "/.hothouse/", "/.hothouse/handover", "/.hothouse/handover/"}
        assert set(removed) == {
            f"{name}=; Domain={door.settings.domain}; Path={place}; Max-Age=0"
            for name in ("hothouse_app", "hothouse_handover")
            for place in places
        }

    async def test_planted_second_session_is_nobodys(self, door: Door) -> None:
        async with door.knock(headers={"Cookie": "hothouse_app=good; hothouse_app=other"}) as answer:
            assert answer.status == 401


class TestHttps:
    @pytest.fixture
    def origin(self) -> str:
        return "https://lab.example.org"

    async def test_browsers_are_told_to_stay(self, door: Door) -> None:
        host = f"echo.{door.settings.domain}"
        headers = {"Cookie": "__Host-hothouse_app=good"}
        for path, given in (("/", headers), ("/", {}), ("/.hothouse/status", headers)):
            async with door.knock(path, host=host, headers=given) as answer:
                assert answer.headers.getall("Strict-Transport-Security") == ["max-age=31536000"]

    async def test_cookies_are_bound_to_host_and_https(self, door: Door) -> None:
        state = "s" * 43
        door.hub.codes["c1"] = ("app_echo", state)
        headers = {"Cookie": f"__Host-hothouse_handover={state}"}
        host = f"echo.{door.settings.domain}"
        async with door.knock("/.hothouse/handover?code=c1&next=/x", host=host, headers=headers) as answer:
            cookie = answer.headers.getall("Set-Cookie")[0]
        assert cookie == "__Host-hothouse_app=good; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"
        async with door.knock(host=host, cookie="good") as answer:
            assert answer.status == 401  # the name without the prefix could have been planted
        headers = {"Cookie": "__Host-hothouse_app=good", "Origin": f"https://{host}"}
        async with door.knock(host=host, method="POST", headers=headers) as answer:
            said = await answer.json()
        assert ["x-forwarded-proto", "https"] in said["headers"]
        assert ["x-forwarded-port", "443"] in said["headers"]
