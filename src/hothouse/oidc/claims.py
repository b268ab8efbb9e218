"""What a provider's claims say of a person, read with the settings in mind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import EmailStr, TypeAdapter, ValidationError

from hothouse.settings_oidc import OidcProvider

LONGEST_NAME = 100
LONGEST_GROUP = 100
MOST_GROUPS = 500
_EMAIL = TypeAdapter(EmailStr)


@dataclass(frozen=True, slots=True)
class ProviderPerson:
    """A person, as a provider knows them. `email` is in lower case; None if there is none that could be used."""

    subject: str
    name: str
    email: str | None
    is_verified: bool
    groups: frozenset[str]
    session_id: str | None = None

    @property
    def domain(self) -> str:
        return (self.email or "").rpartition("@")[2]


def is_complete(settings: OidcProvider, claims: Mapping[str, Any]) -> bool:
    """Tell whether claims hold all that is of interest, so that nothing more need be asked for."""
    has_groups = settings.group_claim is None or _at(claims, settings.group_claim) is not None
    return has_groups and all(name in claims for name in ("email", "email_verified", "name"))


def person_of(settings: OidcProvider, claims: Mapping[str, Any]) -> ProviderPerson:
    """Read the claims of an ID token, and what the provider said in addition."""
    email = _email(claims.get("email"))
    session_id = claims.get("sid")
    return ProviderPerson(
        subject=claims["sub"],
        name=_name(claims, email),
        email=email,
        is_verified=email is not None and _is_verified(settings, claims, email),
        groups=_groups(settings, claims),
        session_id=session_id if isinstance(session_id, str) and session_id else None,
    )


def _email(said: Any) -> str | None:
    """Return an address by which accounts can be found.

    Only plain ASCII: other letters may become ASCII ones in lower case (a Kelvin sign, k), and so another's address.
    """
    if not isinstance(said, str) or not said.isascii():
        return None
    try:
        return str(_EMAIL.validate_python(said)).lower()
    except ValidationError:
        return None


def _is_verified(settings: OidcProvider, claims: Mapping[str, Any], email: str) -> bool:
    said = claims.get("email_verified")
    is_said = said is True or said == "true" or settings.trust_email
    if settings.preset != "google":
        return is_said
    # Google vouches for its own addresses and those of the organisation that manages the account, which `hd` names.
    # Any other address was somebody's once, at the time they confirmed it.
    return is_said and email.rpartition("@")[2] in ("gmail.com", claims.get("hd"))


def _name(claims: Mapping[str, Any], email: str | None) -> str:
    parts = (claims.get("given_name"), claims.get("family_name"))
    whole = " ".join(part for part in parts if isinstance(part, str))
    offers = (claims.get("name"), whole, claims.get("preferred_username"), (email or "").partition("@")[0])
    for offer in offers:
        if isinstance(offer, str) and (name := _line(offer)):
            return name[:LONGEST_NAME].strip()
    return "Somebody"


def _groups(settings: OidcProvider, claims: Mapping[str, Any]) -> frozenset[str]:
    said = _at(claims, settings.group_claim) if settings.group_claim else None
    listed = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    texts = [one for one in listed if isinstance(one, str) and 0 < len(one) <= LONGEST_GROUP]
    return frozenset(texts[:MOST_GROUPS])


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """Return a claim by its name, or by the way into it.

    >>> _at({"realm_access": {"roles": ["x"]}, "https://lab.org/groups": ["y"]}, "realm_access.roles")
    ['x']
    """
    if path in claims:
        return claims[path]
    found: Any = claims
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
