"""The API of a running platform, as the commands use it: JSON in and out, problems as exceptions, logs as iterators."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2

from hothouse.cli.credentials import CredentialsFile
from hothouse.cli.errors import ApiProblem, CliError

DEFAULT_URL = "http://localhost:8000"
TIMEOUT = httpx2.Timeout(30, connect=5)
PATIENCE_SECONDS = 60.0
"""For so long a command that only waits puts up with a platform that is away, as while a hub restarts."""


class UnreachableError(CliError):
    """Nobody, or not Hothouse, answers at the platform's address."""


class Client:
    """Talks to one platform as the owner of one token; close it, or use it in a `with` block."""

    def __init__(self, url: str, token: str | None, *, proof: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise CliError(f"HOTHOUSE_URL={url} is not an address like {DEFAULT_URL}. Correct it.")
        self.url = url.rstrip("/")
        self.proof = proof
        is_local = parts.hostname in {"localhost", "127.0.0.1", "::1"} or parts.hostname.endswith(".localhost")
        self._http = httpx2.Client(
            base_url=f"{self.url}/api/v1/",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=TIMEOUT,
            trust_env=not is_local,  # a proxy of the company does not know our localhost
        )

    @classmethod
    def from_environment(cls) -> Self:
        """Make a client from HOTHOUSE_URL and HOTHOUSE_TOKEN; without a token, from what `hothouse login` kept.

        A token that was kept goes to the platform that gave it, and to no other.
        """
        url, token = os.environ.get("HOTHOUSE_URL"), os.environ.get("HOTHOUSE_TOKEN")
        stored = None if token else CredentialsFile().get(url)
        if stored is None:
            return cls(url or DEFAULT_URL, token, proof="HOTHOUSE_TOKEN" if token else "")
        return cls(stored.url, stored.token, proof="hothouse login")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._json("GET", path, params=_given(params))

    def post(self, path: str, body: Any = None) -> Any:
        return self._json("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self._json("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        return self._json("PATCH", path, json=body)

    def delete(self, path: str, **params: Any) -> None:
        self._json("DELETE", path, params=_given(params))

    def items(self, path: str, **params: Any) -> Iterator[Any]:
        """Yield every item of a list, page by page."""
        cursor = None
        while True:
            page = self.get(path, cursor=cursor, **params)
            yield from page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return

    def upload(self, archive: Path) -> Any:
        """Send a source archive; return what the platform makes of it."""
        with archive.open("rb") as file:
            timeout = httpx2.Timeout(300, connect=5)
            return self._json(
                "POST", "uploads", files={"file": (archive.name, file, "application/zip")}, timeout=timeout
            )

    def text_lines(self, path: str, **params: Any) -> Iterator[str]:
        """Yield the lines of a plain-text answer."""
        with self._stream(path, _given(params), {}) as response:
            yield from response.iter_lines()

    def follow(self, path: str, **params: Any) -> Iterator[Any]:
        """Yield the data of each `line` event until the event `end`, picking up again where a connection broke."""
        headers: dict[str, str] = {}
        away_since: float | None = None
        while True:
            try:
                for event in self._events(path, {**_given(params), "follow": "true"}, headers):
                    away_since = None
                    if "id" in event:
                        headers["Last-Event-ID"] = event["id"]
                    if event.get("event") == "end":
                        return
                    if event.get("event") == "line":
                        yield json.loads(event["data"])
            except CliError as error:
                away_since = away_since or time.monotonic()
                if not _is_passing(error) or time.monotonic() > away_since + PATIENCE_SECONDS:
                    raise
            time.sleep(0.3)

    def patiently(self, call: Callable[[], Any]) -> Any:
        """Call until the platform answers, for up to PATIENCE_SECONDS; what it then answers is final."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = 0.2
        while True:
            try:
                return call()
            except CliError as error:
                if not _is_passing(error) or time.monotonic() > deadline:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, 2)

    def _events(self, path: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[dict[str, str]]:
        with self._stream(path, params, headers) as response:
            event: dict[str, str] = {}
            for line in response.iter_lines():
                name, _, value = line.partition(":")
                if name:
                    event[name] = value.removeprefix(" ")
                elif not line:
                    yield event
                    event = {}

    @contextmanager
    def _stream(self, path: str, params: Mapping[str, Any], headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
        timeout = httpx2.Timeout(30, connect=5)  # the platform sends a comment every 10 s
        with (
            self._translated(),
            self._http.stream("GET", path, params=params, headers=headers, timeout=timeout) as response,
        ):
            if not response.is_success:
                response.read()
                raise self._problem(response)
            yield response

    def _json(self, method: str, path: str, **options: Any) -> Any:
        with self._translated():
            response = self._http.request(method, path, **options)
        if not response.is_success:
            raise self._problem(response)
        if response.status_code == httpx2.codes.NO_CONTENT:
            return None
        try:
            return response.json()
        except ValueError:
            raise UnreachableError(f"What answers at {self.url} is not Hothouse. Check HOTHOUSE_URL.") from None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except httpx2.ConnectError as error:
            raise UnreachableError(
                f"No Hothouse answers at {self.url} ({error}). Start it with `hothouse up`, or set HOTHOUSE_URL."
            ) from error
        except httpx2.TransportError as error:
            raise UnreachableError(f"The connection to {self.url} broke ({error or type(error).__name__}).") from error

    def _problem(self, response: httpx2.Response) -> CliError:
        try:
            problem = response.json()
        except ValueError:
            problem = None
        if not isinstance(problem, dict) or "title" not in problem:
            return UnreachableError(
                f"What answers at {self.url} is not Hothouse (it said {response.status_code}). Check HOTHOUSE_URL."
            )
        return ApiProblem(problem, self._hint(response.status_code))

    def _hint(self, status: int) -> str:
        if status != httpx2.codes.UNAUTHORIZED:
            return ""
        if not self.proof:
            return f"Run `hothouse login`, or set HOTHOUSE_TOKEN to an API token made at {self.url}/account."
        if self.proof == "hothouse login":
            return "This machine's sign-in is over: run `hothouse login` again."
        return f"The token in HOTHOUSE_TOKEN is not valid here (any more): make a new one at {self.url}/account."


def _given(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _is_passing(error: CliError) -> bool:
    """Tell whether the platform may be back in a moment."""
    return isinstance(error, UnreachableError) or (isinstance(error, ApiProblem) and error.status in {502, 503, 504})
