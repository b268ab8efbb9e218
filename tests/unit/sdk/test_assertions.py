"""Assertions of identity: what the platform signs, the SDK believes, and nothing else."""

import base64
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.testclient import TestClient
from tests.support.moving_clock import MovingClock

from hothouse.identity.assertions import Assertions, SigningKey
from hothouse.identity.schemas import User as Account
from hothouse_sdk import AssertionInvalid, AssertionVerifier, Experiment, VerifiedUser

PLATFORM = "https://lab.example.org"
ADA = Account(id="u1", name="Ada Łovelace", email="ada@example.org", role="developer", created_at=datetime.now(UTC))
FLAWS: dict[str, Callable[[dict[str, Any], dict[str, Any]], None]] = {
    "signed by ES256": lambda head, _: head.update(alg="none"),
    "does not publish": lambda head, _: head.update(kid="another"),
    "another platform": lambda _, claims: claims.update(iss="https://evil.example.org"),
    "another app": lambda _, claims: claims.update(aud=["other"]),
    "has expired": lambda _, claims: claims.update(exp=claims["iat"] - 3600),
    "from the future": lambda _, claims: claims.update(iat=claims["iat"] + 3600),
}


def decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=="))


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "assertions.pem"


@pytest.fixture
def assertions(path: Path) -> Assertions:
    return Assertions.from_file(path, PLATFORM, MovingClock())


@pytest.fixture
def verifier(assertions: Assertions) -> AssertionVerifier:
    return AssertionVerifier(PLATFORM, "diary", fetch=assertions.published)


def issued(assertions: Assertions) -> str:
    return assertions.issue(ADA, ["lab"], "app1", ["diary", "old-diary"])


class TestVerify:
    async def test_person(self, assertions: Assertions, verifier: AssertionVerifier) -> None:
        user = await verifier.verify(issued(assertions))
        assert (user.id, user.email, user.name, user.groups) == ("u1", "ada@example.org", "Ada Łovelace", ("lab",))

    async def test_app_that_still_knows_its_former_slug(self, assertions: Assertions) -> None:
        verifier = AssertionVerifier(PLATFORM, "old-diary", fetch=assertions.published)
        assert (await verifier.verify(issued(assertions))).id == "u1"

    @pytest.mark.parametrize("flaw", FLAWS)
    async def test_flaw_that_is_signed(self, path: Path, flaw: str) -> None:
        assertions = Assertions.from_file(path, PLATFORM, MovingClock())
        head, claims = (decoded(part) for part in issued(assertions).split(".")[:2])
        FLAWS[flaw](head, claims)
        key = assertions._keys[0]
        forger = SigningKey(key.private, key.jwk | {"kid": head["kid"]})
        token = forger.sign(claims)
        if head["alg"] != "ES256":
            token = ".".join([encoded(head), *token.split(".")[1:]])
        with pytest.raises(AssertionInvalid, match=flaw):
            await AssertionVerifier(PLATFORM, "diary", fetch=assertions.published).verify(token)

    async def test_other_claims_under_the_signature(self, assertions: Assertions, verifier: AssertionVerifier) -> None:
        head, claims, signature = issued(assertions).split(".")
        token = ".".join([head, encoded(decoded(claims) | {"sub": "u2"}), signature])
        with pytest.raises(AssertionInvalid, match="signature"):
            await verifier.verify(token)

    async def test_key_of_somebody_else_under_a_known_name(
        self, assertions: Assertions, verifier: AssertionVerifier
    ) -> None:
        known = assertions._keys[0]
        forger = SigningKey(ec.generate_private_key(ec.SECP256R1()), known.jwk)
        with pytest.raises(AssertionInvalid, match="signature"):
            await verifier.verify(forger.sign(decoded(issued(assertions).split(".")[1])))

    @pytest.mark.parametrize("token", [None, "", "a", "a.b.c", "e30.e30.", "ü.ü.ü", "W10.W10.AA", "....", "e30.MQ.AA"])
    async def test_no_assertion_at_all(self, verifier: AssertionVerifier, token: str | None) -> None:
        with pytest.raises(AssertionInvalid):
            await verifier.verify(token)

    async def test_nothing_is_believed_without_knowing_who_one_is(
        self, assertions: Assertions, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("HOTHOUSE_APP", raising=False)
        monkeypatch.delenv("HOTHOUSE_URL", raising=False)
        with pytest.raises(AssertionInvalid, match="another platform"):
            await AssertionVerifier(fetch=assertions.published).verify(issued(assertions))
        with pytest.raises(AssertionInvalid, match="another app"):
            await AssertionVerifier(PLATFORM, fetch=assertions.published).verify(issued(assertions))

    async def test_expires_after_five_minutes(self, path: Path) -> None:
        clock = MovingClock()
        clock.advance(minutes=-6)
        early = Assertions.from_file(path, PLATFORM, clock)
        with pytest.raises(AssertionInvalid, match="expired"):
            await AssertionVerifier(PLATFORM, "diary", fetch=early.published).verify(issued(early))

    async def test_without_cryptography(
        self, assertions: Assertions, verifier: AssertionVerifier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
        with pytest.raises(RuntimeError, match=r"requirements\.txt"):
            await verifier.verify(issued(assertions))


class TestKeys:
    async def test_stay_and_are_private(self, path: Path, assertions: Assertions, verifier: AssertionVerifier) -> None:
        again = Assertions.from_file(path, PLATFORM, MovingClock())
        assert (await verifier.verify(issued(again))).id == "u1"
        assert path.stat().st_mode & 0o077 == 0

    async def test_rotation(self, path: Path, assertions: Assertions, tmp_path: Path) -> None:
        old = issued(assertions)
        Assertions.from_file(tmp_path / "new.pem", PLATFORM, MovingClock())
        path.write_bytes((tmp_path / "new.pem").read_bytes() + path.read_bytes())
        rotated = Assertions.from_file(path, PLATFORM, MovingClock())
        verifier = AssertionVerifier(PLATFORM, "diary", fetch=rotated.published)
        assert len(rotated.published()["keys"]) == 2
        assert decoded(issued(rotated).split(".")[0])["kid"] != decoded(old.split(".")[0])["kid"]
        for token in (old, issued(rotated)):
            assert (await verifier.verify(token)).id == "u1"

    async def test_are_fetched_once(self, assertions: Assertions) -> None:
        fetched = []
        verifier = AssertionVerifier(PLATFORM, "diary", fetch=lambda: fetched.append(1) or assertions.published())
        for _ in range(3):
            await verifier.verify(issued(assertions))
        with pytest.raises(AssertionInvalid, match="does not publish"):
            await verifier.verify(SigningKey.of(ec.generate_private_key(ec.SECP256R1())).sign({"sub": "u1"}))
        assert fetched == [1]

    async def test_platform_that_does_not_answer(self, assertions: Assertions) -> None:
        with pytest.raises(AssertionInvalid, match="cannot be read"):
            await AssertionVerifier("http://127.0.0.1:1", "diary").verify(issued(assertions))

    @pytest.mark.parametrize("content", [b"", b"nonsense"])
    def test_broken_file(self, path: Path, content: bytes) -> None:
        path.parent.mkdir()
        path.write_bytes(content)
        with pytest.raises(ValueError, match="no keys"):
            Assertions.from_file(path, PLATFORM, MovingClock())


class TestDependency:
    def test_headers_alone_are_not_believed(self, assertions: Assertions, verifier: AssertionVerifier) -> None:
        experiment = Experiment()
        experiment.state.hothouse_assertions = verifier

        @experiment.get("/me")
        async def me(user: VerifiedUser) -> str:
            return user.name

        client = TestClient(experiment)
        refused = client.get("/me", headers={"X-Hothouse-User": "u1"})
        assert refused.status_code == 401
        answer = client.get("/me", headers={"X-Hothouse-Assertion": issued(assertions)})
        assert answer.json() == "Ada Łovelace"
