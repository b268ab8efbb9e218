"""What passkeys say and accept over the API."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

PasskeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Answered = Annotated[dict[str, Any], Field(description="What the browser returned, as its `toJSON()` writes it.")]


class Passkey(BaseModel):
    """A passkey of the caller's."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None = None


class PasskeyOptions(BaseModel):
    """What the browser is to ask a passkey; good once, for five minutes."""

    options: dict[str, Any] = Field(description="For `parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.")


class NewPasskey(BaseModel):
    """A passkey that was made."""

    name: PasskeyName
    credential: Answered


class PasskeyNameChange(BaseModel):
    """What a passkey is to be called."""

    name: PasskeyName


class PasskeyAnswer(BaseModel):
    """What a passkey answered to a sign-in."""

    credential: Answered
