"""The platform's cookies: read from requests, kept from apps, and not to be set by them."""

import re
from collections.abc import Callable, Iterator
from itertools import product

from hothouse.gateway.site import Site
from hothouse.gateway.wire.request import Field

PLATFORM_COOKIES = frozenset({"hothouse_session", "hothouse_app", "hothouse_handover"})
GUARDED = frozenset({b"set-cookie", b"set-cookie2", b"clear-site-data", b"alt-svc", b"strict-transport-security"})
HSTS = (b"strict-transport-security", b"max-age=31536000")
PLAIN_PATH = re.compile(rb"[A-Za-z0-9/._~%-]{1,200}")
MOST_PARTS = 8


def is_platform_cookie(name: str) -> bool:
    """Whether a cookie is the platform's, with whatever prefix browsers give a meaning to."""
    plain = name.strip().lower()
    return plain.removeprefix("__host-").removeprefix("__secure-").removeprefix("__http-") in PLATFORM_COOKIES


def without_platform_cookies(header: bytes) -> bytes:
    """Return the value of a `Cookie` header for an app; empty if nothing is left."""
    if b"hothouse_" not in header.lower():
        return header
    pairs = header.split(b";")
    return b";".join([pair for pair in pairs if not is_platform_cookie(_name(pair))]).strip()


def _name(pair: bytes) -> str:
    """Return the name under which a server would find a cookie; `=name=value` is sent as `name=value`."""
    return pair.strip().lstrip(b"=").partition(b"=")[0].strip().decode("latin-1")


def removals(site: Site, path: bytes) -> Iterator[str]:
    """Yield the `Set-Cookie` values that remove the platform's cookies which another app's page may have planted.

    Over plain http a page can set a cookie for all apps, and one that is there twice is nobody's: the visitor would
    sign in again and again. What is asked for at `path` gets those only whose path it begins with.
    """
    if site.is_https:  # `__Host-` cookies cannot be planted
        return
    labels = site.domain.split(".")
    domains = [".".join(labels[depth:]) for depth in range(len(labels) - 1)]
    places = sorted({prefix for one in (path, b"/.hothouse/handover") for prefix in _prefixes(one)})
    for name, domain, place in product((site.session_cookie, site.handover_cookie), domains, places):
        yield f"{name}=; Domain={domain}; Path={place}; Max-Age=0"


def _prefixes(path: bytes) -> Iterator[str]:
    """Yield the paths that a cookie sent to `path` may have."""
    yield "/"
    parts = [part for part in path.split(b"/")[1 : MOST_PARTS + 1] if part]
    for length in range(1, len(parts) + 1):
        place = b"/" + b"/".join(parts[:length])
        if PLAIN_PATH.fullmatch(place):
            yield place.decode("ascii")
            yield f"{place.decode('ascii')}/"


def guard(site: Site) -> Callable[[list[Field]], list[Field]]:
    """Return a filter for the header fields of apps' responses.

    Apps may set cookies of their own, but none of the platform's and none that reach other origins; nor may they make
    a browser clear what belongs to all apps, or offer another server for their address. All else they say to browsers
    passes as it is; over https, the gateway adds that it is to stay https.
    """
    own = [HSTS] if site.is_https else []

    def filtered(fields: list[Field]) -> list[Field]:
        if not GUARDED.isdisjoint([name for name, _ in fields]):
            fields = [field for field in fields if field[0] not in GUARDED or _may_pass(site, *field)]
        return fields + own if own else fields

    return filtered


def _may_pass(site: Site, name: bytes, value: bytes) -> bool:
    if name == b"clear-site-data":
        return b"cookies" not in value.lower() and b"*" not in value
    if name != b"set-cookie":
        return False
    pair, *attributes = value.split(b";")
    if is_platform_cookie(_name(pair)):
        return False
    for attribute in attributes:
        key, _, domain = attribute.partition(b"=")
        if key.strip().lower() == b"domain" and domain.strip() and site.covers(domain.decode("latin-1")):
            return False
    return True
