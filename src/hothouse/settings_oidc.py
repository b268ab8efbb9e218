"""Settings of the OpenID providers by which people may sign in."""

from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

GOOGLE = {"id": "google", "name": "Google", "issuer": "https://accounts.google.com", "icon": "google"}
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


class OidcProvider(BaseModel):
    """An OpenID provider: where it is, who may come in by it, and which groups it decides on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(
        pattern=r"^[a-z][a-z0-9-]{0,31}$",
        description="Short name, part of addresses and of the record: lower-case letters, digits and hyphens. Keep it: "
        "accounts are linked by it.",
    )
    preset: Literal["google"] | None = Field(
        None, description="`google` fills in id, name, issuer and icon, and heeds what Google says of addresses."
    )
    name: str = Field(min_length=1, max_length=60, description="What people call it, on the button for signing in.")
    issuer: str = Field(
        description="Its issuer address, under which `/.well-known/openid-configuration` is. `https`, except on this "
        "machine."
    )
    client_id: str = Field(min_length=1, description="Id of the client that you made for Hothouse at the provider.")
    client_secret: SecretStr | None = Field(None, description="Secret of that client; none for a public client.")
    icon: Literal["building", "flask", "google", "graduation-cap", "key", "shield"] = Field(
        "key", description="Picture on the button."
    )
    scopes: list[str] = Field(
        ["openid", "profile", "email"], description="What is asked for; some providers tell groups only for a scope."
    )
    allowed_domains: list[str] = Field(
        [], description="Only people with verified addresses at these domains come in by it; without them all."
    )
    sign_up: Literal["invited", "open"] = Field(
        "invited",
        description="Who gets an account at the first sign-in: those whose address was invited, or all whom the "
        "provider signs in. By default `open` if there are allowed domains, else `invited`.",
    )
    role: Literal["developer", "member"] = Field(
        "member", description="Role of accounts made without an invitation: `developer` may publish apps."
    )
    link_by_email: bool = Field(
        True, description="Whether a verified address opens the account that has it already, and links the two."
    )
    trust_email: bool = Field(
        False,
        description="Whether addresses count as verified even if the provider does not say so. Only for a provider of "
        "your own at which people cannot choose their address.",
    )
    group_claim: str | None = Field(
        None, description="Claim that lists a person's groups, e.g. `groups`; dots lead into it: `realm_access.roles`."
    )
    group_map: dict[str, str] = Field(
        {}, description="Names of groups here by the values of the claim. What is not listed is left out."
    )
    group_prefix: str | None = Field(
        None,
        description="Values of the claim that begin so are groups here, called by the rest. Empty: all values. Groups "
        "that people made here are never reached this way.",
    )
    create_groups: bool = Field(
        True, description="Whether groups are made that do not exist yet; else people join only those that do."
    )
    end_session: bool = Field(
        True, description="Whether signing out here also signs out at the provider, if it offers that."
    )

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        filled = {**GOOGLE, **given} if given.get("preset") == "google" else dict(given)
        if "sign_up" not in filled and filled.get("allowed_domains"):
            filled["sign_up"] = "open"
        return filled

    @field_validator("issuer")
    @classmethod
    def _is_safe(cls, issuer: str) -> str:
        if not is_safe(issuer) or "?" in issuer or "#" in issuer:
            raise ValueError("an issuer is an https address, without ? and #; http is for this machine only")
        return issuer.rstrip("/")

    @field_validator("allowed_domains")
    @classmethod
    def _lower(cls, domains: list[str]) -> list[str]:
        return [domain.lower().lstrip("@") for domain in domains]

    @field_validator("scopes")
    @classmethod
    def _are_openid(cls, scopes: list[str]) -> list[str]:
        if "openid" not in scopes:
            raise ValueError("scopes need openid among them")
        return scopes

    @model_validator(mode="after")
    def _has_claim(self) -> Self:
        if self.group_claim is None and (self.group_map or self.group_prefix is not None):
            raise ValueError("group_map and group_prefix need group_claim, the claim they are about")
        if self.group_claim is not None and not self.group_map and self.group_prefix is None:
            raise ValueError("group_claim needs group_map or group_prefix, which say what groups its values are here")
        return self


class OidcSettings(BaseModel):
    """Signing in by OpenID Connect, beside the password."""

    providers: list[OidcProvider] = Field(
        [], description="OpenID providers, in the order of their buttons, as a JSON list of objects; see below."
    )

    @model_validator(mode="after")
    def _are_different(self) -> Self:
        ids = [provider.id for provider in self.providers]
        if len(set(ids)) < len(ids):
            raise ValueError("HOTHOUSE_OIDC_PROVIDERS has two providers with the same id")
        return self


def is_safe(url: str) -> bool:
    """Tell whether nobody on the way can read or change what is sent to an address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_local = host in LOCAL_HOSTS or host.endswith(".localhost")
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_local))
