"""What browsers say about who makes them ask."""

import pytest

from hothouse.kit.visiting import is_foreign, only_cookie

OWN = (b"http://x",)


def told(**headers: str) -> dict[bytes, bytes]:
    return {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}


VISIT = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}


class TestIsForeign:
    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "http://evil"},
            {"origin": "null"},
            {"origin": ""},
            {"origin": "https://x"},
            {"origin": "http://x.evil"},
            {"origin": "http://x:81"},
            {"sec_fetch_site": "same-site"},
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "SAME-ORIGIN"},
            {"sec_fetch_site": ""},
            {"sec_fetch_site": "same-origin", "origin": "http://evil"},
            {"sec_fetch_site": "cross-site", "origin": "http://x"},
        ],
    )
    def test_other_pages(self, headers: dict[str, str]) -> None:
        assert is_foreign(told(**headers), OWN, is_safe=False)
        assert is_foreign(told(**headers), OWN, is_safe=True)  # read into a page, or into a frame
        assert is_foreign(told(**headers, **VISIT | {"sec_fetch_dest": "iframe"}), OWN, is_safe=True)
        assert is_foreign(told(**headers, **VISIT | {"sec_fetch_mode": "no-cors"}), OWN, is_safe=True)
        assert is_foreign(told(**headers, **VISIT), OWN, is_safe=False)  # a form that is sent into a tab

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "http://x"},
            {"origin": "HTTP://X"},
            {"sec_fetch_site": "same-origin"},
            {"sec_fetch_site": "none"},
            {"sec_fetch_site": "same-origin", "origin": "http://x"},
            {"sec_fetch_site": "same-origin", "origin": "null"},  # a form on a page without a referrer
        ],
    )
    def test_own_pages_and_programs(self, headers: dict[str, str]) -> None:
        assert not is_foreign(told(**headers), OWN, is_safe=False)
        assert not is_foreign(told(**headers), OWN, is_safe=True)

    def test_following_a_link(self) -> None:
        assert not is_foreign(told(sec_fetch_site="cross-site", **VISIT), OWN, is_safe=True)


class TestOnlyCookie:
    @pytest.mark.parametrize(
        ("header", "value"),
        [
            (b"a=1; session=x=y", "x=y"),
            (b"session=x; session=x", "x"),
            (b"session=x; session=y", None),
            (b"session=x;session=", None),
            (b"=session=x", None),
            (b"Session=x", None),
            (b"", None),
        ],
    )
    def test_value(self, header: bytes, value: str | None) -> None:
        assert only_cookie(header, "session") == value
