"""An OpenID provider for tests that lies as it is told: in its tokens, its keys, its answers, or by not answering."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from fastapi import FastAPI, Form, Header, Request
from fastapi.responses import JSONResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from tests.support.events import on_a_port

from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id

CLIENT, SECRET = "hothouse", "a secret between the two"
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"
Claims = dict[str, Any]


class HostileProvider:
    """Signs in whom a test says. `wrong` changes the claims of the next ID token, `more` is told on request only."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.issuer = ""
        self.key = ECKey.generate_key("P-256", {"kid": "one", "alg": "ES256", "use": "sig"})
        self.alg = "ES256"
        self.metadata: dict[str, Any] = {}
        self.more: Claims | None = None
        self.token_answer: dict[str, Any] | None = None
        self.is_away = False
        self.asked: list[str] = []
        self._subject = "mia"
        self._codes: dict[str, tuple[str, str | None, Claims]] = {}

    def settings(self, provider_id: str = "lab", **more: Any) -> dict[str, Any]:
        """Return what Hothouse is told of it."""
        base = {"id": provider_id, "name": "The Lab", "issuer": self.issuer, "client_id": CLIENT}
        return {**base, "client_secret": SECRET, **more}

    def code_for(self, url: str, **claims: Any) -> dict[str, str]:
        """Sign somebody in for the address that a browser was sent to; returns what the browser brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = new_id()
        self._codes[code] = (asked["code_challenge"], asked["nonce"], claims)
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def id_token(self, nonce: str | None = None, **claims: Any) -> str:
        now = int(self.clock.now().timestamp())
        base = {"iss": self.issuer, "aud": CLIENT, "sub": "mia", "iat": now, "exp": now + 300, "nonce": nonce}
        return self.sign({name: value for name, value in {**base, **claims}.items() if value is not None})

    def logout_token(self, **claims: Any) -> str:
        now = int(self.clock.now().timestamp())
        base = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 120,
            "jti": new_id(),
            "events": {LOGOUT: {}},
        }
        said = {name: value for name, value in {**base, **claims}.items() if value is not None}
        return self.sign(said, typ="logout+jwt")

    def sign(self, claims: Claims, **header: Any) -> str:
        if self.alg == "none":
            return ".".join([_part({"alg": "none"}), _part(claims), ""])
        if self.alg == "HS256":  # by what everybody can read, taken for a secret
            said = f"{_part({'alg': 'HS256', 'kid': self.key.kid})}.{_part(claims)}"
            return f"{said}.{_encoded(hmac.digest(self.key.as_pem(private=False), said.encode(), 'sha256'))}"
        head = {"alg": self.alg, "kid": self.key.kid, **header}
        return jwt.encode(head, claims, self.key, algorithms=[self.alg])

    def new_key(self, kid: str) -> ECKey:
        return ECKey.generate_key("P-256", {"kid": kid, "alg": "ES256", "use": "sig"})

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def noted(request: Request, go_on: Any) -> Response:
            self.asked.append(request.url.path)
            return Response("busy", 503) if self.is_away else await go_on(request)

        @app.get("/.well-known/openid-configuration")
        async def discovery() -> dict[str, Any]:
            base = self.issuer
            return {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{base}/keys",
                "userinfo_endpoint": f"{base}/me",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                **self.metadata,
            }

        @app.get("/keys")
        async def keys() -> dict[str, Any]:
            strange = {"kty": "ML-DSA", "kid": "future"}
            return {"keys": [strange, self.published.as_dict(private=False)]}

        @app.post("/token")
        async def token(
            code: str = Form(), code_verifier: str = Form(), client_id: str = Form(), client_secret: str = Form()
        ) -> Response:
            if self.token_answer is not None:
                return JSONResponse(self.token_answer)
            challenge, nonce, claims = self._codes.pop(code, ("", None, {}))
            digest = base64.urlsafe_b64encode(hashlib.sha256(code_verifier.encode()).digest()).decode().rstrip("=")
            if challenge != digest or (client_id, client_secret) != (CLIENT, SECRET):
                return JSONResponse({"error": "invalid_grant"}, 400)
            self._subject = claims.get("sub", "mia")
            claims = {"email": "mia@lab.org", "email_verified": True, "name": "Mia", "nonce": nonce, **claims}
            answer = {"token_type": "Bearer", "access_token": "look at me", "id_token": self.id_token(**claims)}
            return JSONResponse(answer)

        @app.get("/me")
        async def me(authorization: str = Header()) -> dict[str, Any]:
            assert authorization == "Bearer look at me"
            return self.more if self.more is not None else {"sub": self._subject}

        return app

    @property
    def published(self) -> Any:
        return getattr(self, "_published", self.key)

    def publish(self, key: Any) -> None:
        """Publish another key than the one it signs with."""
        self._published = key

    def tell_the_truth(self) -> None:
        """Go back to how it was, but for keys."""
        self.metadata, self.more, self.token_answer, self.is_away = {}, None, None, False


def rsa_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@asynccontextmanager
async def hostile_provider(clock: Clock) -> AsyncIterator[HostileProvider]:
    """Run one on a port of its own."""
    provider = HostileProvider(clock)
    async with on_a_port(provider.app()) as url:
        provider.issuer = url
        yield provider


class Browser:
    """A browser that signs in by a provider."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def begin(self, provider_id: str = "lab", next_path: str = "/apps") -> str:
        """Leave for a provider; returns the address there."""
        answer = await self.client.post(f"/api/v1/auth/providers/{provider_id}/begin", json={"next": next_path})
        assert answer.status_code == 200, answer.text
        url: str = answer.json()["url"]
        return url

    async def finish(self, provider_id: str = "lab", **brought: Any) -> httpx2.Response:
        """Come back."""
        return await self.client.post(f"/api/v1/auth/providers/{provider_id}/finish", json=brought)

    async def sign_in(self, provider: HostileProvider, provider_id: str = "lab", **claims: Any) -> httpx2.Response:
        """Go there and back."""
        return await self.finish(provider_id, **provider.code_for(await self.begin(provider_id), **claims))

    async def who(self) -> str | None:
        """Return whose account the browser is signed in to."""
        answer = await self.client.get("/api/v1/auth/me")
        return answer.json()["user"]["email"] if answer.status_code == 200 else None


def kind(answer: httpx2.Response) -> tuple[int, str]:
    """Return status and slug of a problem."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def _part(value: Any) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
