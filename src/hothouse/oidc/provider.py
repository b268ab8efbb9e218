"""One OpenID provider over HTTP: what it says of itself, its keys, and what it says of a person.

Nothing is asked of a provider before somebody signs in by it. Specifications: OpenID Connect Core 1.0 and Discovery
1.0, RFC 7636 (PKCE), RFC 9207 (issuer of a response).
"""

import asyncio
import json
import ssl
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, Self

import httpx2
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from hothouse.kit.clock import Clock
from hothouse.oidc.errors import ProviderAway, ProviderRefused
from hothouse.oidc.remembering import PAUSE, Remembered
from hothouse.settings_oidc import OidcProvider, is_safe

log = structlog.get_logger(__name__)
TIMEOUT_SECONDS = 5.0
WHOLE_SECONDS = 10.0
ANSWER_BYTES = 2**20
METADATA_KEPT = timedelta(hours=1)
KEYS_KEPT = timedelta(hours=1)
SURELY_THERE = PAUSE
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a provider says of itself. `says_issuer`: its responses name their issuer, always."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    secret_is_posted: bool
    says_issuer: bool

    @classmethod
    def of(cls, document: dict[str, Any], issuer: str) -> Self:
        """Read a discovery document. Raises: `ValueError` for one that is not of this issuer, or not safe."""
        said = document.get("issuer")
        if not isinstance(said, str) or said.rstrip("/") != issuer:
            raise ValueError(f"it says that it is {said!r}")
        addresses: dict[str, Any] = {name: document.get(name) for name in (*NEEDED, *OPTIONAL)}
        unsafe = [
            name
            for name, url in addresses.items()
            if not (isinstance(url, str) and is_safe(url)) and (name in NEEDED or url is not None)
        ]
        if unsafe:
            raise ValueError(f"{', '.join(unsafe)}: missing, or no https address")
        methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return cls(
            issuer=said,
            secret_is_posted="client_secret_post" in methods,
            says_issuer=document.get("authorization_response_iss_parameter_supported") is True,
            **addresses,
        )


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gives for a code."""

    id_token: str
    access_token: str | None


class Provider:
    """A client of one provider, as the settings describe it."""

    def __init__(self, settings: OidcProvider, redirect_uri: str, clock: Clock) -> None:
        self.settings = settings
        self._redirect_uri = redirect_uri
        self._metadata = Remembered(self._fetch_metadata, METADATA_KEPT, clock)
        self._keys = Remembered(self._fetch_keys, KEYS_KEPT, clock)

    @property
    def id(self) -> str:
        return self.settings.id

    @property
    def name(self) -> str:
        return self.settings.name

    async def metadata(self) -> Metadata:
        """Raises: `ProviderAway`."""
        return await self._metadata.get()

    async def keys(self) -> KeySet:
        """Return the keys it signs with. Raises: `ProviderAway`."""
        return await self._keys.get()

    async def newest_keys(self) -> KeySet:
        """Return the keys it signs with now: it may have changed them. Raises: `ProviderAway`."""
        return await self._keys.no_older_than(PAUSE)

    async def authorization_url(self, *, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser goes to sign in.

        Raises: `ProviderAway`, also when it has only just gone: a browser that is sent there finds nothing.
        """
        metadata = await self._metadata.no_older_than(SURELY_THERE)
        async with self._client(metadata) as client:
            url, _ = client.create_authorization_url(
                metadata.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier, **self._manners
            )
        return str(url)

    async def exchange(self, code: str, verifier: str) -> Tokens:
        """Give a code for what it stands for. Raises: `ProviderRefused`, `ProviderAway`."""
        metadata = await self.metadata()
        try:
            async with asyncio.timeout(WHOLE_SECONDS), self._client(metadata) as client:
                answer = await client.fetch_token(
                    metadata.token_endpoint, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except OAuthError as error:
            log.warning("oidc-code-refused", provider=self.id, error=error.error, description=error.description)
            raise ProviderRefused(self.name) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError) as error:
            raise self._away("token endpoint", error) from error
        id_token, access_token = answer.get("id_token"), answer.get("access_token")
        if not isinstance(id_token, str):
            raise self._away("token endpoint", ValueError("no ID token in its answer"))
        return Tokens(id_token, access_token if isinstance(access_token, str) else None)

    async def userinfo(self, access_token: str) -> dict[str, Any]:
        """Return what it says of the person a token is for; nothing if it says so only in ID tokens.

        Raises: `ProviderAway`.
        """
        endpoint = (await self.metadata()).userinfo_endpoint
        if endpoint is None:
            return {}
        return await self._get("user information", endpoint, {"Authorization": f"Bearer {access_token}"})

    async def _fetch_metadata(self) -> Metadata:
        document = await self._get("discovery", f"{self.settings.issuer}/.well-known/openid-configuration")
        try:
            return Metadata.of(document, self.settings.issuer)
        except ValueError as error:
            raise self._away("discovery", error) from error

    async def _fetch_keys(self) -> KeySet:
        document = await self._get("keys", (await self.metadata()).jwks_uri)
        listed = document.get("keys")
        keys = []
        for one in listed if isinstance(listed, list) else []:
            try:
                keys.append(JWKRegistry.import_key(one))
            except (JoseError, ValueError, TypeError, KeyError) as error:  # one of a kind that is not known here
                log.info("oidc-key-skipped", provider=self.id, error=str(error))
        if not keys:
            raise self._away("keys", ValueError("it publishes none that can be used"))
        return KeySet(keys)

    async def _get(self, what: str, url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Fetch a JSON object. Raises: `ProviderAway`."""
        try:
            async with (
                asyncio.timeout(WHOLE_SECONDS),
                httpx2.AsyncClient(verify=self._trust, timeout=TIMEOUT_SECONDS) as client,
                client.stream("GET", url, headers=headers) as answer,
            ):
                document = await _json_of(answer)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, ValueError, RecursionError) as error:
            raise self._away(what, error) from error
        return document

    def _client(self, metadata: Metadata) -> Any:
        """Make an OAuth client for one use: it keeps the token it fetches."""
        secret = self.settings.client_secret
        method = "client_secret_post" if metadata.secret_is_posted else "client_secret_basic"
        return AsyncOAuth2Client(
            client_id=self.settings.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method=method if secret else "none",
            scope=" ".join(self.settings.scopes),
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            verify=self._trust,
            timeout=TIMEOUT_SECONDS,
        )

    @property
    def _manners(self) -> dict[str, str]:
        """What to ask for in addition: Google would take whichever account a browser used last."""
        return {"prompt": "select_account"} if self.settings.preset == "google" else {}

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return httpx2.create_ssl_context()  # once: it takes some time to read the authorities

    def _away(self, what: str, error: Exception) -> ProviderAway:
        log.warning("oidc-provider-away", provider=self.id, asked=what, error=str(error) or type(error).__name__)
        return ProviderAway(self.name)


async def _json_of(answer: httpx2.Response) -> dict[str, Any]:
    """Read a JSON object that is not too long. Raises: `ValueError`."""
    body = b""
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > ANSWER_BYTES:
            raise ValueError("its answer is too long")
    if answer.status_code != httpx2.codes.OK:
        raise ValueError(f"it answers {answer.status_code}")
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("its answer is no JSON object")  # noqa: TRY004 -- of the provider, not of our types
    return document
