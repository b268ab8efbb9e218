"""The rules of codes: their time, their use, their spelling."""

from datetime import UTC, datetime, timedelta

import pytest

from hothouse.identity.factors import recovery, totp
from hothouse.identity.factors.service import Policy
from hothouse.identity.schemas import Role, User
from hothouse.settings import SecondFactorMode

KEY = totp.new_key()
NOW = datetime(2026, 11, 28, 12, 0, 10, tzinfo=UTC)
STEP = totp.step_at(NOW)


class TestMatchingStep:
    @pytest.mark.parametrize("drift", [-1, 0, 1])
    def test_near(self, drift: int) -> None:
        assert totp.matching_step(KEY, totp.code_at(KEY, STEP + drift), NOW, after=0) == STEP + drift

    @pytest.mark.parametrize("drift", [-3, -2, 2, 3])
    def test_far(self, drift: int) -> None:
        near = {totp.code_at(KEY, STEP + one) for one in (-1, 0, 1)}
        code = totp.code_at(KEY, STEP + drift)
        assert code in near or totp.matching_step(KEY, code, NOW, after=0) is None

    def test_not_again_and_none_of_before(self) -> None:
        for drift in (-1, 0):
            assert totp.matching_step(KEY, totp.code_at(KEY, STEP + drift), NOW, after=STEP) is None
        assert totp.matching_step(KEY, totp.code_at(KEY, STEP + 1), NOW, after=STEP) == STEP + 1

    def test_anothers_key(self) -> None:
        code = totp.code_at(totp.new_key(), STEP)
        near = {totp.code_at(KEY, STEP + one) for one in (-1, 0, 1)}
        assert code in near or totp.matching_step(KEY, code, NOW, after=0) is None

    @pytest.mark.parametrize("code", ["", "1", "12345", "1234567", "ü12345"])
    def test_no_code_at_all(self, code: str) -> None:
        assert totp.matching_step(KEY, code, NOW, after=0) is None

    @pytest.mark.parametrize(
        ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037"), (20000000000, "353130")]
    )
    def test_as_rfc_6238_says(self, seconds: int, code: str) -> None:
        """The last six of the eight digits in appendix B."""
        key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
        assert totp.code_at(key, totp.step_at(moment)) == code


class TestAddress:
    def test_names_account_and_installation(self) -> None:
        address = totp.address_of(KEY, "a+b@example.org", "Hothouse (lab.example.org)")
        assert address.startswith("otpauth://totp/Hothouse%20%28lab.example.org%29:a%2Bb%40example.org?")
        assert f"secret={KEY}" in address
        assert "+" not in address

    def test_qr_code_is_an_image_of_our_own(self) -> None:
        assert totp.qr_code("otpauth://totp/x").startswith("data:image/svg+xml")


class TestRecoveryCodes:
    def test_ten_that_differ(self) -> None:
        codes = recovery.new_codes()
        assert len(set(codes)) == recovery.COUNT == 10
        assert all(len(code.replace("-", "")) == recovery.LENGTH for code in codes)

    def test_are_of_one_account(self) -> None:
        assert recovery.mark_of("ada", "abcde-fghij-kmnpq") != recovery.mark_of("grace", "abcde-fghij-kmnpq")


@pytest.mark.parametrize(
    ("mode", "role", "asked"),
    [
        ("optional", "admin", False),
        ("admins", "admin", True),
        ("admins", "member", False),
        ("everyone", "developer", True),
    ],
)
def test_policy(mode: SecondFactorMode, role: Role, asked: bool) -> None:
    user = User(id="1", name="x", email="x@example.org", role=role, created_at=NOW)
    assert Policy(mode).asks(user) is asked
