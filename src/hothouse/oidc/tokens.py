"""Checks of what providers sign.

ID tokens: OpenID Connect Core 1.0, 3.1.3.7. Logout tokens: Back-Channel Logout 1.0, 2.6.
"""

from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ExpiredTokenError,
    InvalidClaimError,
    InvalidKeyIdError,
    JoseError,
    MissingClaimError,
    UnsupportedAlgorithmError,
)
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry, Token

from hothouse.kit.clock import Clock
from hothouse.oidc.errors import LogoutTokenNotValid, TokenNotValid
from hothouse.oidc.provider import Provider, Tokens

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures by a private key only: neither none, nor a secret that a public key could be taken for."""
ALSO_CALLED = {"https://accounts.google.com": ("accounts.google.com",)}
"""What issuers call themselves in tokens, beside their address; Google's documentation names both."""
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
OLDEST_LOGOUT_SECONDS = 600
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)


class TokenChecks:
    """Tells whether a token comes from a provider and is meant for this platform."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def claims(self, provider: Provider, tokens: Tokens, nonce: str) -> dict[str, Any]:
        """Return what an ID token says. Raises: `TokenNotValid`, `ProviderAway`."""
        issuer = (await provider.metadata()).issuer
        client_id = provider.settings.client_id
        try:
            token = await _decoded(provider, tokens.id_token)
            options = {
                "iss": {"essential": True, "values": [issuer, *ALSO_CALLED.get(issuer, ())]},
                "aud": {"essential": True, "value": client_id},
                "sub": {"essential": True},
            }
            params = {"nonce": nonce, "client_id": client_id, "access_token": tokens.access_token}
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(self._now(), LEEWAY_SECONDS)
            _check_subject(claims["sub"])
        except JoseError as error:
            raise TokenNotValid(provider.name, _said(error)) from error
        except (ValueError, TypeError, AttributeError) as error:  # a token of another shape altogether
            raise TokenNotValid(provider.name, "it cannot be read") from error
        return dict(token.claims)

    async def logout(self, provider: Provider, logout_token: str) -> dict[str, Any]:
        """Return what a logout token says. Raises: `LogoutTokenNotValid`, `ProviderAway`."""
        metadata = await provider.metadata()
        try:
            token = await _decoded(provider, logout_token)
            JWTClaimsRegistry(
                self._now(),
                LEEWAY_SECONDS,
                iss={"essential": True, "value": metadata.issuer},
                aud={"essential": True, "value": provider.settings.client_id},
                iat={"essential": True},
                jti={"essential": True},
            ).validate(token.claims)
        except JoseError as error:
            raise LogoutTokenNotValid(_said(error)) from error
        except (ValueError, TypeError, AttributeError) as error:
            raise LogoutTokenNotValid("it cannot be read") from error
        if flaw := self._flaw_of_logout(token):
            raise LogoutTokenNotValid(flaw)
        return token.claims

    def _flaw_of_logout(self, token: Token) -> str | None:
        claims = token.claims
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
            return "it is about no logout"
        if "nonce" in claims:
            return "it is an ID token"
        if not all(isinstance(claims.get(name, ""), str) for name in ("sub", "sid", "jti")):
            return "its claims are no texts"
        if not (claims.get("sub") or claims.get("sid")):
            return "it names nobody"
        if str(token.header.get("typ", "logout+jwt")).lower() not in ("logout+jwt", "jwt"):
            return "it is another kind of token"
        return "it is too old" if claims["iat"] < self._now() - OLDEST_LOGOUT_SECONDS else None

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


async def _decoded(provider: Provider, token: str) -> Token:
    """Check a signature; a key that is not known may be a new one. Raises: `JoseError`, `ProviderAway`."""
    try:
        return jwt.decode(token, await provider.keys(), registry=_REGISTRY)
    except (InvalidKeyIdError, BadSignatureError):
        return jwt.decode(token, await provider.newest_keys(), registry=_REGISTRY)


def _check_subject(subject: str) -> None:
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise ValueError("a subject is a short text")


def _said(error: JoseError) -> str:
    """Say what is wrong with a token in words of our own: whoever made it chose what is in it."""
    match error:
        case ExpiredTokenError():
            return "it has run out"
        case MissingClaimError() | InvalidClaimError():
            return f"its claim {error.claim} is missing or not right"
        case InvalidKeyIdError() | BadSignatureError():
            return "it is not signed by a key of that provider"
        case UnsupportedAlgorithmError():
            return "it is not signed in a way that proves anything"
    return "it cannot be read"
