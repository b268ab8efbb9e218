"""The platform's cookies: read from requests, kept from apps, and not to be set by them."""

from collections.abc import Callable

from hothouse.gateway.site import Site
from hothouse.gateway.wire.request import Field

PLATFORM_COOKIES = frozenset({"hothouse_session", "hothouse_app", "hothouse_handover"})
GUARDED = frozenset({b"set-cookie", b"set-cookie2", b"clear-site-data", b"alt-svc"})


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


def guard(site: Site) -> Callable[[list[Field]], list[Field]]:
    """Return a filter for the header fields of apps' responses.

    Apps may set cookies of their own, but none of the platform's and none that reach other origins; nor may they make
    a browser clear what belongs to all apps, or offer another server for their address.
    """

    def filtered(fields: list[Field]) -> list[Field]:
        if GUARDED.isdisjoint([name for name, _ in fields]):
            return fields
        return [field for field in fields if field[0] not in GUARDED or _may_pass(site, *field)]

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
