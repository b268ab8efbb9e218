"""Small decisions of the gateway: hosts, cookies, credentials, redirects, headers."""

import pytest

from hothouse.gateway.admission import identity_headers
from hothouse.gateway.cookies import is_platform_cookie, without_platform_cookies
from hothouse.gateway.credentials import find_credential, platform_token
from hothouse.gateway.handover import local_path
from hothouse.gateway.main_origin import is_internal
from hothouse.gateway.pages import Page, Pages
from hothouse.gateway.site import Site
from hothouse.gateway.wire.heads import passes_to_upstream
from hothouse.gateway.wire.request import BadRequest, Request
from hothouse.settings import Settings


def site(**changes: object) -> Site:
    return Site(Settings(_env_file=None, **changes))


def request(*fields: tuple[bytes, bytes], method: bytes = b"GET", target: bytes = b"/") -> Request:
    made = Request(method, target, [(b"host", b"x"), *fields], keeps_alive=True, peer=b"127.0.0.1")
    made.check("1.1")
    return made


class TestLocate:
    @pytest.mark.parametrize(
        ("host", "slug"),
        [(b"a.apps.localhost:8000", "a"), (b"A.APPS.localhost.", "a"), (b"a.b.apps.localhost", "a.b"),
         (b"localhost:8000", None), (b"127.0.0.1", None), (b"[::1]:80", None)],
    )  # fmt: skip
    def test_ours(self, host: bytes, slug: str | None) -> None:
        place = site().locate(host)
        assert place is not None
        assert place.slug == slug

    @pytest.mark.parametrize(
        "host", [b"apps.localhost", b"evil.com", b"xapps.localhost", b"a.apps.localhost.evil.com", b"a@localhost",
                 b"localhost:x", b"localhost/..", b"\xff", b"", b"[::1"],
    )  # fmt: skip
    def test_not_ours(self, host: bytes) -> None:
        assert site().locate(host) is None

    def test_origin_is_the_browsers(self) -> None:
        place = site(origin="https://lab.example.org", domain="apps.example.org").locate(b"a.apps.example.org")
        assert place is not None
        assert place.origin == b"https://a.apps.example.org"

    def test_memory_is_bounded(self) -> None:
        here = site()
        for number in range(5000):
            here.locate(b"%d.apps.localhost" % number)
        assert len(here._places) <= 1024


class TestCookies:
    @pytest.mark.parametrize(
        "name", ["hothouse_app", "__Host-hothouse_app", "__Secure-hothouse_session", " HOTHOUSE_APP "]
    )
    def test_ours(self, name: str) -> None:
        assert is_platform_cookie(name)

    @pytest.mark.parametrize("name", ["hothouse", "hothouse_apps", "my_hothouse_app", ""])
    def test_others(self, name: str) -> None:
        assert not is_platform_cookie(name)

    def test_removal(self) -> None:
        assert without_platform_cookies(b"a=1; hothouse_app=x;b=2") == b"a=1;b=2"
        assert without_platform_cookies(b"hothouse_app=x") == b""
        assert without_platform_cookies(b"a=hothouse_app") == b"a=hothouse_app"

    @pytest.mark.parametrize(
        ("domain", "covers"),
        [
            ("apps.localhost", True),
            (".localhost", True),
            ("LOCALHOST.", True),
            ("a.apps.localhost", False),
            ("host", False),
        ],
    )
    def test_coverage(self, domain: str, covers: bool) -> None:
        assert site().covers(domain) is covers


class TestCredentials:
    @pytest.mark.parametrize("value", [b"Bearer hh_x", b"bearer hh_x", b"BEARER  hh_x"])
    def test_platform_token(self, value: bytes) -> None:
        assert platform_token(request((b"authorization", value))) == "hh_x"

    @pytest.mark.parametrize("value", [b"Bearer other", b"Basic hh_x", b"Bearerhh_x", b""])
    def test_other_authorization(self, value: bytes) -> None:
        assert platform_token(request((b"authorization", value))) is None

    def test_token_comes_first(self) -> None:
        both = request((b"cookie", b"hothouse_app=s"), (b"authorization", b"Bearer hh_x"))
        credential = find_credential(both, "hothouse_app")
        assert credential is not None
        assert (credential.value, credential.is_token) == ("hh_x", True)

    def test_session_and_token_of_the_same_text_differ(self) -> None:
        token = find_credential(request((b"authorization", b"Bearer hh_x")), "hothouse_app")
        session = find_credential(request((b"cookie", b"hothouse_app=hh_x")), "hothouse_app")
        assert token is not None
        assert session is not None
        assert token.digest != session.digest


class TestPaths:
    @pytest.mark.parametrize("path", ["/", "/a?b=c#d", "/a//b", "/a/%2F"])
    def test_local(self, path: str) -> None:
        assert local_path(path) == path

    @pytest.mark.parametrize(
        "path", ["//e", "/\\e", "\\e", "e", "http://e", "/\te", "/é", "/a b", "", "/.hothouse/handover?x"]
    )
    def test_elsewhere(self, path: str) -> None:
        assert local_path(path) == "/"

    def test_internal(self) -> None:
        assert is_internal(b"/a/..//internal/v1")
        assert not is_internal(b"/internals")
        assert not is_internal(b"/docs/internal")


class TestRequest:
    @pytest.mark.parametrize(
        "name", [b"x-hothouse-user", b"x_forwarded_for", b"x-hothouse_user", b"transfer_encoding", b"te"]
    )
    def test_fields_that_stay_outside(self, name: bytes) -> None:
        assert not passes_to_upstream(name)

    @pytest.mark.parametrize("name", [b"accept", b"x-own", b"my_header", b"x-requested-with"])
    def test_fields_that_pass(self, name: bytes) -> None:
        assert passes_to_upstream(name)

    def test_cookies_are_joined(self) -> None:
        assert request((b"cookie", b"a=1"), (b"cookie", b"b=2")).first[b"cookie"] == b"a=1; b=2"

    @pytest.mark.parametrize("name", [b"host", b"authorization", b"origin", b"content-type"])
    def test_what_must_be_single(self, name: bytes) -> None:
        with pytest.raises(BadRequest):
            request((name, b"a"), (name, b"b"))


class TestIdentity:
    def test_nothing_breaks_out_of_its_line(self) -> None:
        who = {"user_id": "u", "email": "a@b.c", "name": "Eve\r\nx-hothouse-user: root", "groups": ["x,y", "ü\n"]}
        text = identity_headers(who).decode()
        assert text.count("\r\n") == 4
        assert "x-hothouse-name: Eve%0D%0Ax-hothouse-user%3A%20root\r\n" in text
        assert "x-hothouse-groups: x%2Cy,%C3%BC%0A\r\n" in text

    def test_says_who_acts_as_the_person(self) -> None:
        who = {"user_id": "u", "email": "a@b.c", "name": "Mia", "groups": [], "impersonator": "ada@b.c\r\nx: y"}
        assert b"x-hothouse-impersonator: ada@b.c%0D%0Ax%3A%20y\r\n" in identity_headers(who)
        assert b"impersonator" not in identity_headers({**who, "impersonator": None})


class TestPages:
    def test_what_apps_say_is_text(self) -> None:
        evil = '"><script>alert(1)</script>'
        html = Pages().render(Page(heading=evil, lead=evil, app=evil, icon=evil, log=[evil], actions=[(evil, evil)]))
        assert "<script>" not in html

    def test_dollar_signs_stay(self) -> None:
        assert "costs $heading" in Pages().render(Page(heading="x", lead="costs $heading"))

    def test_nothing_comes_from_elsewhere(self) -> None:
        pages = Pages()
        html = pages.render(Page(heading="x", lead="y", shows_progress=True, refresh_seconds=3))
        assert "https://" not in html
        assert html.count("http://") == html.count("http://www.w3.org")
        assert "unsafe" not in pages.security_policy
