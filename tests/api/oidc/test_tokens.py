"""What a provider signs, and what somebody else does in its name."""

from typing import Any

import pytest
from tests.api.oidc.conftest import Desk
from tests.support.hostile_provider import Browser, kind, rsa_key

FORGED = (403, "provider-token-not-valid")


@pytest.fixture(autouse=True)
async def truthful(desk: Desk) -> None:
    await desk.fresh_provider()


class TestClaims:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"nonce": "of another sign-in"},
            {"nonce": None},
            {"aud": "another client"},
            {"aud": "another client", "azp": "hothouse"},
            {"aud": ["hothouse", "another client"]},
            {"aud": ["hothouse", "another client"], "azp": "another client"},
            {"azp": "another client"},
            {"aud": None},
            {"iss": "https://elsewhere.example"},
            {"iss": None},
            {"sub": None},
            {"sub": ""},
            {"sub": 7},
            {"sub": "x" * 256},
            {"sub": "a\nb"},
            {"exp": 1_700_000_000},
            {"exp": None},
            {"exp": "soon"},
            {"iat": 9_000_000_000, "exp": 9_000_000_900},
            {"nbf": 9_000_000_000},
            {"at_hash": "of another access token"},
        ],
        ids=str,
    )
    async def test_wrong(self, desk: Desk, browser: Browser, wrong: dict[str, Any]) -> None:
        assert kind(await browser.sign_in(desk.lab, **wrong)) == FORGED
        assert await browser.who() is None

    async def test_right(self, desk: Desk, browser: Browser) -> None:
        answer = await browser.sign_in(desk.lab, aud=["hothouse", "another client"], azp="hothouse")
        assert answer.status_code == 200, answer.text
        assert answer.json()["user"]["email"] == "mia@lab.org"


class TestSignature:
    async def test_unsigned(self, desk: Desk, browser: Browser) -> None:
        desk.lab.alg = "none"
        answer = await browser.sign_in(desk.lab)
        desk.lab.alg = "ES256"
        assert kind(answer) == FORGED

    async def test_public_key_as_a_secret(self, desk: Desk, browser: Browser) -> None:
        desk.lab.alg = "HS256"
        answer = await browser.sign_in(desk.lab)
        desk.lab.alg = "ES256"
        assert kind(answer) == FORGED

    @pytest.mark.parametrize("kid", ["one", "two"])
    async def test_another_key(self, desk: Desk, browser: Browser, kid: str) -> None:
        own = desk.lab.key
        desk.lab.publish(own)
        desk.lab.key = desk.lab.new_key(kid)
        answer = await browser.sign_in(desk.lab)
        desk.lab.key = own
        assert kind(answer) == FORGED

    async def test_claims_changed_afterwards(self, desk: Desk, browser: Browser) -> None:
        head, _, signature = desk.lab.id_token(nonce="n").split(".")
        _, other, _ = desk.lab.id_token(nonce="n", sub="ada").split(".")
        desk.lab.token_answer = {"access_token": "x", "id_token": f"{head}.{other}.{signature}"}
        assert kind(await browser.sign_in(desk.lab)) == FORGED

    @pytest.mark.parametrize("rubbish", ["", "x", "a.b.c", "e30.e30.", "." * 9, "x" * 200_000])
    async def test_rubbish(self, desk: Desk, browser: Browser, rubbish: str) -> None:
        desk.lab.token_answer = {"access_token": "x", "id_token": rubbish}
        assert kind(await browser.sign_in(desk.lab)) == FORGED

    async def test_new_keys_are_learnt_of(self, desk: Desk, browser: Browser) -> None:
        assert (await browser.sign_in(desk.lab)).status_code == 200
        desk.clock.advance(seconds=10)
        desk.lab.key = rsa_key("newer")
        desk.lab.publish(desk.lab.key)
        desk.lab.alg = "PS256"
        desk.lab.asked.clear()
        assert (await browser.sign_in(desk.lab)).status_code == 200
        assert [path for path in desk.lab.asked if path in ("/token", "/keys")] == ["/token", "/keys"]

    async def test_unknown_keys_do_not_make_it_ask_and_ask(self, desk: Desk, browser: Browser) -> None:
        own = desk.lab.key
        desk.lab.publish(own)
        desk.lab.key = rsa_key("nobody's")
        desk.lab.alg = "RS256"
        desk.lab.asked.clear()
        for _ in range(3):
            assert kind(await browser.sign_in(desk.lab)) == FORGED
        desk.lab.key = own
        assert desk.lab.asked.count("/keys") == 1


class TestUserInfo:
    async def test_completes_the_token(self, desk: Desk, browser: Browser) -> None:
        desk.lab.more = {"sub": "zoe", "email": "zoe@lab.org", "email_verified": True, "name": "Zoe"}
        nothing = {"email": None, "email_verified": None, "name": None}
        answer = await browser.sign_in(desk.lab, sub="zoe", **nothing)
        assert answer.json()["user"]["name"] == "Zoe"

    async def test_of_somebody_else(self, desk: Desk, browser: Browser) -> None:
        desk.lab.more = {"sub": "ada", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
        assert kind(await browser.sign_in(desk.lab, sub="mallory", name=None)) == FORGED

    async def test_does_not_overrule_the_token(self, desk: Desk, browser: Browser) -> None:
        desk.lab.more = {"sub": "mallory", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
        answer = await browser.sign_in(desk.lab, sub="mallory", email="mallory@lab.org", name=None)
        assert answer.json()["user"]["email"] == "mallory@lab.org"
