"""How public paths may be written."""

import pytest

from hothouse.kit.public_paths import PublicPaths, path_pattern_problem


@pytest.mark.parametrize(
    "pattern",
    [
        "/",
        "/health",
        "/health/",
        "/api/public/*",
        "/a/b/c.json",
        "/v1.2/x",
        "/.well-known/*",
        "/.well-known/x",
        "/~a_b-c",
    ],
)
def test_valid(pattern: str) -> None:
    assert path_pattern_problem(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    ["", "health", "*", "/*", "//", "//a", "/a//b", "/a*", "/a/*b", "/*/a", "/a/*/b", "/a/**", "/a/../b", "/..", "/./a",
     "/a/.", "/%61", "/a%2fb", "/a;b", "/a?b", "/a#b", "/a\\b", "/a b", "/ä", "/a\n", "/a\0", "http://x/a",
     "/.hothouse/x", "/.hothouse/*", "/.git/config", "/a/*/", "/" + "a" * 200, "/a:b", "/.well-known2/x", "/\uff41"],
)  # fmt: skip
def test_refused(pattern: str) -> None:
    assert path_pattern_problem(pattern)
    assert PublicPaths.of([pattern]) == PublicPaths()


def test_exact_path_is_that_path_alone() -> None:
    paths = PublicPaths.of(["/health", "/docs/"])
    assert [target for target in (b"/health", b"/health?x=/y", b"/docs/", b"/health?") if not paths.match(target)] == []
    others = (
        b"/",
        b"/health/",
        b"/health/x",
        b"/healthy",
        b"/Health",
        b"/docs",
        b"/docs/x",
        b"/health;a",
        b"/health#a",
    )
    assert [target for target in others if paths.match(target)] == []


def test_star_is_all_below() -> None:
    paths = PublicPaths.of(["/a/*"])
    inside = (b"/a/", b"/a/b", b"/a/b/", b"/a/b/c.json?x", b"/a/b%20c", b"/a/%C3%A4", b"/a/b@1.2,3:x", b"/a/a..b")
    assert [target for target in inside if not paths.match(target)] == []
    assert [target for target in (b"/", b"/a", b"/ab", b"/A/b", b"*", b"a/b") if paths.match(target)] == []


def test_none() -> None:
    assert not PublicPaths.of([]).match(b"/")
