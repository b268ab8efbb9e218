"""What browsers say about who makes them ask: other origins' pages, and cookies that may have been planted.

Cookies alone do not tell a page of ours from another app's: apps share a site, so `SameSite` covers them. What browsers
add to a request, and no page can change, does: https://www.w3.org/TR/fetch-metadata/
"""

from collections.abc import Container, Mapping

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = (b"same-origin", b"none")


def is_foreign(headers: Mapping[bytes, bytes], own_origins: Container[bytes], *, is_safe: bool) -> bool:
    """Tell whether a browser sent this for a page of another origin, other than by going there in a tab.

    `headers` have lower-case names. `is_safe` is a request that changes nothing and opens no channel: for those it
    is no matter that a link elsewhere led here; for others it is. Programs send none of these headers and are not
    misled by pages.
    """
    origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
    if site is None:
        is_others = origin is not None and origin.lower() not in own_origins
    else:  # which goes before an `Origin: null`: a page that sends no referrer has none to tell either
        is_others = site not in OWN_SITES or (origin not in (None, b"null") and origin.lower() not in own_origins)
    return is_others and not (is_safe and _is_visit(headers))


def _is_visit(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether a browser goes there in a tab, rather than loading it into a page or a frame."""
    return headers.get(b"sec-fetch-mode") == b"navigate" and headers.get(b"sec-fetch-dest") in (None, b"document")


def only_cookie(header: bytes, name: str) -> str | None:
    """Return the value of a cookie; `None` if it is not there, or there with several values.

    A page on a neighbouring host name can plant a cookie over plain http, which then stands beside the real one, and
    which is which cannot be told.
    """
    values = {
        pair.partition(b"=")[2].strip().decode("latin-1")
        for pair in header.split(b";")
        if pair.partition(b"=")[0].strip() == name.encode()
    }
    return values.pop() if len(values) == 1 else None
