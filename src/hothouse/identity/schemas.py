"""What identity says and accepts over the API."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, EmailStr, Field, StringConstraints

Role = Literal["admin", "developer", "member"]
Scope = Literal["read", "apps:open", "apps:write", "environments:open", "environments:write", "admin"]
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
    code: str | None = Field(
        None, max_length=64, description="A code of the second factor, to sign in by one request where there is one."
    )


class SignedOut(BaseModel):
    """Where the browser is to go to sign out there, too."""

    url: str


class Profile(BaseModel):
    """What people may change of their own account."""

    name: Name


class PasswordChange(BaseModel):
    """A new password, and the one it replaces."""

    current_password: AnyPassword | None = Field(None, description="Needed unless the account has no password.")
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
    role: Role = "developer"


class Contact(BaseModel):
    """Somebody, as others may find them."""

    id: str
    name: str
    email: str
    is_active: bool


class Account(User):
    """A person's account, as admins see it."""

    is_active: bool
    deactivated_at: datetime | None = None
    has_second_factor: bool = False


class AccountChange(BaseModel):
    """What admins may change of an account; what is left out stays."""

    name: Name | None = None
    role: Role | None = None


class NewInvitation(BaseModel):
    """Whom to invite, and as what."""

    email: EmailStr | None = Field(None, description="Only for this address; without it for whoever has the link.")
    role: Role = "developer"
    expires_in_hours: int = Field(168, ge=1, le=720)


class Invitation(BaseModel):
    """A link by which one person makes an account of their own."""

    id: str
    email: str | None
    role: Role
    state: Literal["open", "accepted", "expired"]
    invited_by: str | None = Field(description="Name of the admin; None for somebody who registered.")
    created_at: datetime
    expires_at: datetime
    accepted_by: str | None = Field(description="E-mail address of the account made with it.")


class IssuedInvitation(Invitation):
    """An invitation just made, with its link, which is shown once."""

    url: str
    is_mailed: bool = Field(description="Whether the link was sent to the address.")


class LinkCode(BaseModel):
    """The code of a link: what follows `#` in its address."""

    code: str = Field(max_length=200)


class InvitationOffer(BaseModel):
    """What an invitation is good for, to whoever has the link."""

    email: str | None = Field(description="The only address it can be accepted with; None for any.")
    role: Role
    invited_by: str | None
    expires_at: datetime


class Acceptance(LinkCode):
    """The account to make with an invitation."""

    name: Name
    email: EmailStr | None = Field(None, description="Needed unless the invitation says it.")
    password: NewPassword


class ResetLink(BaseModel):
    """A link by which somebody chooses a new password, which is shown once."""

    url: str
    expires_at: datetime
    is_mailed: bool = Field(description="Whether the link was sent to the account's address.")


class ResetOffer(BaseModel):
    """Whose password a link resets."""

    email: str
    expires_at: datetime


class NewPasswordByLink(LinkCode):
    """The password to set with a reset link."""

    password: NewPassword


class AddressOnly(BaseModel):
    """Whom it is about."""

    email: EmailStr


class RegistrationAnswer(BaseModel):
    """What to do next to register: look for mail, or go on with an invitation's code."""

    code: str | None = Field(description="Code of an invitation, where no mail is sent; None: it was sent.")


class SignInOptions(BaseModel):
    """What people who are not signed in can do here."""

    registration: bool = Field(description="Whether they can register by themselves.")
    domains: list[str] = Field(description="Whose addresses can be registered; empty for all.")
    mail: bool = Field(description="Whether mail is sent; without it admins hand out links.")


class NewToken(BaseModel):
    """What to call an API token, and what it is good for."""

    name: Name
    scopes: list[Scope] | None = Field(
        None,
        min_length=1,
        description="What it may be used for; without them for all that its owner may do. `apps:write` and `admin` "
        "hold `read`; none but a token without limits reaches the account itself.",
    )
    expires_in_days: int | None = Field(None, ge=1, le=3650, description="Without it, it lasts until it is revoked.")


class Token(BaseModel):
    """An API token; the secret itself is shown once, when it is made."""

    id: str
    name: str
    scopes: list[Scope] | None = Field(None, description="None: all that its owner may do.")
    created_at: datetime
    expires_at: datetime | None = Field(None, description="None: it lasts until it is revoked.")
    last_used_at: datetime | None = Field(None, description="To the minute.")


class IssuedToken(Token):
    """A token just made, with its secret."""

    token: str
