"""The words by which access speaks of who and what: subjects and how open a thing is."""

from typing import Annotated, Final, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from hothouse.identity.principal import Principal

LinkKind = Literal[
    "account",
    "session",
    "token",
    "group",
    "grant",
    "role",
    "openness",
    "owner",
    "platform",
    "denial",
    "expiry",
    "none",
]
Openness = Literal["private", "signed-in", "public"]

Everyone = Literal["signed-in", "anyone"]

SIGNED_IN: Final = "signed-in"
ANYONE: Final = "anyone"
EVERYBODY = (SIGNED_IN, ANYONE)
SUBJECT_KINDS = ("user", "group", "app")
DENIED = "denied"
"""The role, on every kind of resource that is shared, which takes all others away."""
OWNER = "owner"


def user(user_id: str) -> str:
    """Return the subject that an account is.

    >>> user("u1"), group("g1")
    ('user:u1', 'group:g1')
    """
    return f"user:{user_id}"


def group(group_id: str) -> str:
    """Return the subject that a group is."""
    return f"group:{group_id}"


def subject_of(principal: Principal) -> str:
    """Return the subject that whoever asks is."""
    if principal.user is not None:
        return user(principal.user.id)
    if principal.group_id is not None:
        return group(principal.group_id)
    return f"app:{principal.app_id}" if principal.app_id is not None else ANYONE


def split(subject: str) -> tuple[str, str]:
    """Return kind and id of a subject or resource; the id of everybody is empty.

    >>> split("group:g1"), split("signed-in")
    (('group', 'g1'), ('signed-in', ''))
    """
    kind, _, identity = subject.partition(":")
    return kind, identity


def _subject(value: str) -> str:
    kind, identity = split(value)
    if value in EVERYBODY or (kind in SUBJECT_KINDS and identity and "|" not in identity):
        return value
    raise PydanticCustomError(
        "subject", "A subject is user:<id>, group:<id>, app:<id>, signed-in or anyone, not {given}.", {"given": value}
    )


Subject = Annotated[str, AfterValidator(_subject)]
