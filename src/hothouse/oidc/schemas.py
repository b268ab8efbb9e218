"""What this feature says and accepts over the API."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from hothouse.identity.factors.schemas import NextStep
from hothouse.identity.schemas import AnyPassword, User

Parameter = Annotated[str, Field(max_length=4_000)]
Path = Annotated[str, Field(max_length=4_000, description="Where to go afterwards: a path of the main origin.")]


class SignInProvider(BaseModel):
    """An OpenID provider by which people can sign in."""

    id: str
    name: str
    icon: str


class SignInProviders(BaseModel):
    """The providers, in the order of their buttons."""

    items: list[SignInProvider]


class SignInBeginning(BaseModel):
    """Where to go once signed in."""

    next: Path = "/"


class Redirection(BaseModel):
    """Where the browser is to go now."""

    url: str


class ProviderAnswer(BaseModel):
    """What a provider put into the address by which the browser came back from it."""

    state: Parameter
    code: Parameter | None = None
    error: Parameter | None = None
    iss: Parameter | None = Field(None, description="Who answers, where the provider says so (RFC 9207).")


class SignInFinished(BaseModel):
    """Who is signed in now, and where they were going."""

    user: User | None = Field(description="None while a second step is to be done.")
    next: str
    is_linked: bool = Field(description="Whether this linked an identity to the account that was signed in already.")
    step: NextStep | None = Field(None, description="What is still to be done to be signed in.")


class Identity(BaseModel):
    """Somebody's account at a provider, which opens their account here."""

    id: str
    provider: str
    provider_name: str
    icon: str
    email: str | None = Field(description="Their address there at the last sign-in.")
    created_at: datetime
    last_used_at: datetime
    is_usable: bool = Field(description="Whether the provider is still in the settings.")


class WaysIn(BaseModel):
    """How somebody can sign in to their account."""

    has_password: bool
    identities: list[Identity]
    providers: list[SignInProvider] = Field(description="Where more can be linked.")


class Confirmation(BaseModel):
    """That it is still the account's owner who asks."""

    current_password: AnyPassword | None = Field(
        None, description="The account's password; not needed within ten minutes of a sign-in."
    )


class LinkBeginning(Confirmation):
    """What to link."""

    provider: str = Field(max_length=32)
