"""What identity says and accepts over the API."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, EmailStr, Field, StringConstraints

Role = Literal["admin", "user"]
Scope = Literal["read", "apps:open", "apps:write", "admin"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
NewPassword = Annotated[str, Field(min_length=10, max_length=256, description="At least 10 characters.")]
AnyPassword = Annotated[str, Field(max_length=256)]


class User(BaseModel):
    """A person's account."""

    id: str
    name: str
    email: str
    role: Role
    created_at: datetime


class UserAnswer(BaseModel):
    """The account the caller acts as."""

    user: User


class SetupState(BaseModel):
    """Whether the first account is still to be made."""

    needed: bool


class SetupRequest(BaseModel):
    """The first admin's account, made with the code of the set-up link."""

    code: str = Field(max_length=200)
    name: Name
    email: EmailStr
    password: NewPassword


class LoginRequest(BaseModel):
    """A sign-in by password."""

    email: str = Field(max_length=320)
    password: AnyPassword


class Profile(BaseModel):
    """What people may change of their own account."""

    name: Name


class PasswordChange(BaseModel):
    """A new password, and the one it replaces."""

    current_password: AnyPassword
    new_password: NewPassword


class Device(BaseModel):
    """What a session was opened with, by its own account."""

    browser: str = Field(description="Name and version, or `Unknown`.")
    system: str = Field(description="Name, or `Unknown`.")


class Session(BaseModel):
    """A sign-in that lasts, on one device."""

    id: str
    device: Device
    address: str = Field(description="Where it was last used from.")
    created_at: datetime
    last_used_at: datetime = Field(description="To the minute.")
    expires_at: datetime
    is_current: bool = Field(description="Whether it is the session of this request.")


class NewUser(BaseModel):
    """An account made by an admin."""

    name: Name
    email: EmailStr
    password: NewPassword
    role: Role = "user"


class NewToken(BaseModel):
    """What to call an API token."""

    name: Name


class Token(BaseModel):
    """An API token; the secret itself is shown once, when it is made."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None = None


class IssuedToken(Token):
    """A token just made, with its secret."""

    token: str
