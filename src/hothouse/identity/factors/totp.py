"""Codes that change with time (TOTP, RFC 6238): six digits, a new one every 30 seconds."""

import base64
import os
from datetime import datetime
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1  # steps by which a phone's clock may be ahead or behind
KEY_BYTES = 20  # as RFC 4226 recommends for HMAC-SHA-1


def new_key() -> str:
    """Return a random key in base32, as authenticator apps take it."""
    return base64.b32encode(os.urandom(KEY_BYTES)).decode()


def code_at(key: str, step: int) -> str:
    """Return the code of a step.

    >>> code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 1)  # the key and the second 59 of RFC 6238, appendix B
    '287082'
    """
    return _generator(key).generate(step * STEP_SECONDS).decode()


def step_at(moment: datetime) -> int:
    """Return the number of the step that a moment is in."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(key: str, code: str, now: datetime, after: int) -> int | None:
    """Return the step whose code this is; None for no step near now, or for one that is not later than `after`."""
    near = range(step_at(now) - DRIFT, step_at(now) + DRIFT + 1)
    found = [step for step in near if compare_digest(code_at(key, step).encode(), code.encode())]
    return next((step for step in found if step > after), None)


def address_of(key: str, account: str, issuer: str) -> str:
    """Return the `otpauth:` address by which an authenticator app takes the key."""
    # Apps show a plus sign as it is; nothing else in the address holds one unquoted.
    return _generator(key).get_provisioning_uri(account, issuer).replace("+", "%20")


def qr_code(text: str) -> str:
    """Return a QR code as a `data:` address of an SVG image; dark on light, as cameras want it."""
    import segno  # noqa: PLC0415 -- takes long to load, and few need it

    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=4, dark="#111", light="#fff"))


def _generator(key: str) -> TOTP:
    return TOTP(base64.b32decode(key), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 -- what every authenticator app knows
