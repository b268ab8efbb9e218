"""What device login says and accepts over the API; the names are those of RFC 8628."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from hothouse.identity.schemas import Device, Name, Scope, Token, User


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("holds characters that cannot be shown")
    return name


DeviceName = Annotated[Name, AfterValidator(_printable)]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=10)]
Days = Annotated[int, Field(ge=1, le=3650)]


class NewDeviceLogin(BaseModel):
    """What a device asks for."""

    device_name: DeviceName = Field(description="What the API token is to be called.")
    scopes: Scopes | None = Field(None, description="As for an API token; without them all that the person may.")
    expires_in_days: Days | None = Field(90, description="None: until it is revoked.")


class DeviceCode(BaseModel):
    """What the device shows, and what it asks again with."""

    device_code: str = Field(description="Kept by the device; never shown.")
    user_code: str = Field(description="Shown to the person, who compares or types it.")
    verification_uri: str
    verification_uri_complete: str = Field(description="The same, with the code filled in; it approves nothing.")
    expires_in: int = Field(description="Seconds.")
    interval: int = Field(description="Seconds to wait between questions.")


class DeviceCodeOnly(BaseModel):
    """By which a device asks how it stands."""

    device_code: str = Field(max_length=200)


class DeviceToken(BaseModel):
    """The API token that a device got."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 -- a kind, not a token
    scope: str | None = Field(description="Scopes with spaces between them; None: all that the person may.")
    expires_in: int | None = Field(description="Seconds; None: until it is revoked.")
    token: Token
    user: User


class UserCodeOnly(BaseModel):
    """The code that a device shows; spaces, hyphens and case do not count."""

    user_code: str = Field(max_length=40)


class DeviceRequest(BaseModel):
    """What a device asks for, to the person who is to decide."""

    user_code: str
    device_name: str
    address: str = Field(description="Where the device asked from.")
    is_same_address: bool = Field(description="Whether that is the address of this browser, too.")
    device: Device
    scopes: Scopes | None
    expires_in_days: Days | None
    requested_at: datetime
    expires_at: datetime


class DeviceApproval(UserCodeOnly):
    """What the person lets the device do: what it asked for, or less."""

    device_name: DeviceName
    scopes: Scopes | None
    expires_in_days: Days | None
