"""Checking the signed statement of who uses the app, `X-Hothouse-Assertion`, for apps that trust no header as such.

It is a JWT by ES256, good for five minutes and for this app only. Needs the package `cryptography`.
"""

import asyncio
import base64
import json
import os
import time
import urllib.request
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, HTTPException
from starlette.requests import HTTPConnection

from hothouse_sdk.other_apps import CallingApp
from hothouse_sdk.users import User

HEADER = "x-hothouse-assertion"
APP = "app:"
LEEWAY_SECONDS = 30
FETCH_SECONDS = 5.0
KEEP_SECONDS = 600.0
REPEAT_SECONDS = 10.0
"""A key that is not known is asked for at most this often, whatever assertions name."""


class AssertionInvalid(Exception):
    """The assertion is missing, forged, expired, or meant for another app; the message says which."""


class AssertionVerifier:
    """Checks assertions with the platform's public keys, which are fetched when needed and kept for ten minutes.

    `platform` and `app` default to `HOTHOUSE_URL` and `HOTHOUSE_APP`; `fetch` gives the keys' JSON, for tests.
    """

    def __init__(
        self, platform: str | None = None, app: str | None = None, *, fetch: Callable[[], Any] | None = None
    ) -> None:
        self._platform = (platform or os.environ.get("HOTHOUSE_URL", "")).rstrip("/")
        self._app = app or os.environ.get("HOTHOUSE_APP", "")
        self._fetch = fetch or self._download
        self._keys: dict[str, dict[str, str]] = {}
        self._fetched_at = float("-inf")
        self._lock = asyncio.Lock()

    async def verify(self, assertion: str | None) -> User:
        """Return the person that an assertion names. Raises: `AssertionInvalid`, also for one that names an app."""
        claims = await self._claims(assertion)
        if claims["sub"].startswith(APP):
            raise AssertionInvalid("It names an app, and no person.")
        groups = tuple(str(group) for group in claims.get("groups") or ())
        return User(claims["sub"], str(claims.get("email", "")), str(claims.get("name", "")), groups)

    async def verify_app(self, assertion: str | None) -> CallingApp:
        """Return the app that an assertion names. Raises: `AssertionInvalid`, also for one that names a person."""
        claims = await self._claims(assertion)
        if not claims["sub"].startswith(APP):
            raise AssertionInvalid("It names a person, and no app.")
        return CallingApp(claims["sub"].removeprefix(APP), str(claims.get("app", "")))

    async def _claims(self, assertion: str | None) -> dict[str, Any]:
        head, claims, said, signature = _parts(assertion)
        if head.get("alg") != "ES256":
            raise AssertionInvalid("It is not signed by ES256.")
        if not _is_signed(await self._key(str(head.get("kid"))), said, signature):
            raise AssertionInvalid("Its signature is not this platform's.")
        self._check(claims, time.time())
        return claims

    def _check(self, claims: dict[str, Any], now: float) -> None:
        audience = claims.get("aud")
        expires, issued = claims.get("exp"), claims.get("iat")
        if not self._platform or claims.get("iss") != self._platform:
            raise AssertionInvalid("It was made by another platform.")
        if not self._app or self._app not in (audience if isinstance(audience, list) else [audience]):
            raise AssertionInvalid("It was made for another app.")
        if not isinstance(expires, int) or expires + LEEWAY_SECONDS < now:
            raise AssertionInvalid("It has expired.")
        if not isinstance(issued, int) or issued - LEEWAY_SECONDS > now:
            raise AssertionInvalid("It is from the future: check the clocks.")

    async def _key(self, key_id: str) -> dict[str, str]:
        async with self._lock:
            age = time.monotonic() - self._fetched_at
            if age > (KEEP_SECONDS if key_id in self._keys else REPEAT_SECONDS):
                await self._renew()
        if key_id not in self._keys:
            raise AssertionInvalid("It is signed with a key that this platform does not publish.")
        return self._keys[key_id]

    async def _renew(self) -> None:
        """Fetch the keys; those known so far stay in use when that fails."""
        self._fetched_at = time.monotonic()
        try:
            published = await asyncio.to_thread(self._fetch)
            self._keys = {key["kid"]: key for key in published["keys"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            if not self._keys:
                raise AssertionInvalid(f"The platform's keys cannot be read: {error!r}") from error

    def _download(self) -> Any:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self._platform}/.well-known/jwks.json", timeout=FETCH_SECONDS) as answer:
            return json.load(answer)


def _parts(assertion: str | None) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    if not assertion:
        raise AssertionInvalid("There is none.")
    try:
        said, _, signature = assertion.rpartition(".")
        head, claims = (dict(json.loads(_decoded(part))) for part in said.split("."))
        return head, claims | {"sub": str(claims["sub"])}, said.encode("ascii"), _decoded(signature)
    except (ValueError, TypeError, KeyError) as error:
        raise AssertionInvalid("It is no JWT about a person.") from error


def _is_signed(key: dict[str, str], said: bytes, signature: bytes) -> bool:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - only apps that verify need it
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ec, utils  # noqa: PLC0415
    except ImportError as error:
        message = "Checking assertions needs the package cryptography. Add it to the app's requirements.txt."
        raise RuntimeError(message) from error
    if key.get("kty") != "EC" or key.get("crv") != "P-256" or len(signature) != 64:
        return False
    x, y = (int.from_bytes(_decoded(key[part]), "big") for part in ("x", "y"))
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    try:
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        public.verify(utils.encode_dss_signature(r, s), said, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


async def verified_user(connection: HTTPConnection) -> User:
    """Return the user of a request or WebSocket by its assertion; answer 401 where that does not hold."""
    verifier = getattr(connection.app.state, "hothouse_assertions", None)
    if verifier is None:
        verifier = connection.app.state.hothouse_assertions = AssertionVerifier()
    try:
        user: User = await verifier.verify(connection.headers.get(HEADER))
    except AssertionInvalid as error:
        raise HTTPException(401, f"Hothouse's word on who you are does not hold. {error}") from error
    return user


VerifiedUser = Annotated[User, Depends(verified_user)]
