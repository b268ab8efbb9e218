"""Which host names mean what: the main origin, an app's origin, or nothing of ours."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from hothouse.settings import Settings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_KNOWN_HOSTS = 1024


@dataclass(frozen=True, slots=True)
class Place:
    """What a `Host` header points at: an app's slug, or `None` for the main origin; `origin` as browsers name it."""

    slug: str | None
    origin: bytes


class Site:
    """The installation's addresses and the names of its cookies."""

    def __init__(self, settings: Settings) -> None:
        main = urlsplit(settings.main_url)
        self.main_url = settings.main_url
        self.app_url = settings.app_url
        self.main_host = (main.hostname or "localhost").lower()
        self.domain = settings.domain.lower().rstrip(".")
        self.is_https = settings.is_https
        self.scheme = main.scheme.encode()
        self.port = main.port or (443 if self.is_https else 80)
        prefix = "__Host-" if self.is_https else ""
        self.session_cookie = f"{prefix}hothouse_app"
        self.handover_cookie = f"{prefix}hothouse_handover"
        self._places: dict[bytes, Place | None] = {}

    def locate(self, host: bytes) -> Place | None:
        """Return the place a `Host` header means; `None` if it is not ours."""
        try:
            return self._places[host]
        except KeyError:
            if len(self._places) >= MAX_KNOWN_HOSTS:
                self._places.clear()
            place = self._places[host] = self._locate(host)
            return place

    def _locate(self, host: bytes) -> Place | None:
        try:
            url = urlsplit(f"//{host.decode('ascii')}")
            name, port = (url.hostname or "").rstrip("."), url.port
        except ValueError:  # also UnicodeDecodeError
            return None
        if not name or url.path or url.query or url.fragment or url.username is not None:
            return None
        shown = f"[{name}]" if ":" in name else name
        origin = f"{self.scheme.decode()}://{shown}{f':{port}' if port else ''}".encode()
        if name.endswith(f".{self.domain}"):
            return Place(name.removesuffix(f".{self.domain}"), origin)
        return Place(None, origin) if name == self.main_host or name in LOOPBACK else None

    def covers(self, cookie_domain: str) -> bool:
        """Whether a cookie of that domain would reach the main origin or the origins of other apps."""
        domain = cookie_domain.strip().lstrip(".").rstrip(".").lower()
        return any(name == domain or name.endswith(f".{domain}") for name in (self.domain, self.main_host))
