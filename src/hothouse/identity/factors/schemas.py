"""What the second factor says and accepts over the API."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from hothouse.identity.schemas import AnyPassword, UserAnswer

Step = Literal["code", "set-up"]
AnyCode = Field(max_length=64, description="Six digits of the authenticator app, or a recovery code.")


class SecondFactor(BaseModel):
    """The caller's second factor."""

    is_on: bool
    is_required: bool = Field(description="Whether the settings ask this person for one.")
    since: datetime | None = None
    last_used_at: datetime | None = None
    recovery_codes_left: int = 0


class SetUpRequest(BaseModel):
    """What shows that it is the account's owner who sets up an authenticator app."""

    current_password: AnyPassword | None = Field(
        None, description="While there is no second factor yet, where the account has a password."
    )
    code: str | None = Field(None, max_length=64, description="To replace the present second factor.")


class FactorOffer(BaseModel):
    """A key for an authenticator app; it counts once a code made with it was given."""

    key: str = Field(description="In base32, to be typed where no camera is at hand.")
    address: str = Field(description="The same as an `otpauth:` address.")
    qr_code: str = Field(description="The address as a QR code: a `data:` address of an SVG image.")
    expires_at: datetime


class CodeOnly(BaseModel):
    """A code of the second factor."""

    code: str = AnyCode


class RecoveryCodes(BaseModel):
    """Recovery codes, which are shown once; each works once."""

    recovery_codes: list[str]


class NextStep(BaseModel):
    """What is still to be done to sign in, in the browser that began."""

    step: Step = Field(description="`code`: give a code. `set-up`: set up a second factor, which is required here.")
    email: str
    expires_at: datetime
    has_passkeys: bool = Field(False, description="Whether a passkey can be used in place of a code.")


class PendingStep(BaseModel):
    """The second step that this browser is asked for."""

    pending: NextStep | None


class SetUpAnswer(UserAnswer, RecoveryCodes):
    """The account signed in to, and the recovery codes of its new second factor."""
