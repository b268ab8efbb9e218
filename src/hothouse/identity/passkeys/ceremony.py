"""What is asked of passkeys, and whether what they answer holds: WebAuthn, as `webauthn` implements it.

https://www.w3.org/TR/webauthn-3/
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import structlog
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.options_to_json_dict import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from hothouse.identity.passkeys.errors import PasskeyRefused
from hothouse.identity.schemas import User

TIMEOUT_MS = 300_000
DEFAULT_PORTS = {"http": 80, "https": 443}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that was made: its id, its public key, and how often it says that it was used."""

    id: str
    public_key: bytes
    sign_count: int


class Ceremony:
    """Asks and verifies for one origin: passkeys made for another, or asked by a page of another, prove nothing."""

    def __init__(self, main_url: str) -> None:
        parts = urlsplit(main_url.lower())
        port = f":{parts.port}" if parts.port and parts.port != DEFAULT_PORTS.get(parts.scheme) else ""
        self.rp_id = parts.hostname or "localhost"
        self.origin = f"{parts.scheme}://{self.rp_id}{port}"

    def to_make(self, user: User, known: list[str], challenge: bytes) -> dict[str, Any]:
        """Return the options by which a browser makes a passkey, on no device that holds one of those known."""
        options = generate_registration_options(
            rp_id=self.rp_id,
            rp_name="Hothouse",
            user_id=user.id.encode(),
            user_name=user.email,
            user_display_name=user.name,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            exclude_credentials=_described(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.DISCOURAGED,  # the password says who it is
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
        return options_to_json_dict(options)

    def to_sign_in(self, known: list[str], challenge: bytes) -> dict[str, Any]:
        """Return the options by which a browser asks one of these passkeys."""
        options = generate_authentication_options(
            rp_id=self.rp_id,
            challenge=challenge,
            timeout=TIMEOUT_MS,
            allow_credentials=_described(known),
            user_verification=UserVerificationRequirement.PREFERRED,
        )
        return options_to_json_dict(options)

    def made(self, credential: dict[str, Any], challenge: bytes) -> Made:
        """Raises: `PasskeyRefused`."""
        try:
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
            )
        except Exception as error:  # a parser of what strangers send: whatever it stumbles over proves nothing
            raise _refused(error) from error
        return Made(bytes_to_base64url(verified.credential_id), verified.credential_public_key, verified.sign_count)

    def sign_count(self, credential: dict[str, Any], challenge: bytes, public_key: bytes, sign_count: int) -> int:
        """Return how often the passkey says that it was used, which must be more than before, unless it never says.

        Raises: `PasskeyRefused`.
        """
        try:
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.rp_id,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
            )
        except Exception as error:  # as above
            raise _refused(error) from error
        return verified.new_sign_count


def _described(ids: list[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in ids]


def _refused(error: Exception) -> PasskeyRefused:
    log.info("passkey-refused", why=f"{type(error).__name__}: {error}"[:300])
    return PasskeyRefused()
