"""What claims say of a person, and which groups that makes."""

from typing import Any

import pytest
from pydantic import ValidationError

from hothouse.oidc.claims import is_complete, person_of
from hothouse.oidc.service.memberships import groups_of
from hothouse.settings_oidc import OidcProvider, OidcSettings

LAB = {"id": "lab", "name": "Lab", "issuer": "https://id.lab.org/realms/lab/", "client_id": "x"}


def provider(**more: Any) -> OidcProvider:
    return OidcProvider.model_validate({**LAB, **more})


def google(**more: Any) -> OidcProvider:
    return OidcProvider.model_validate({"preset": "google", "client_id": "x", **more})


def claims(**more: Any) -> dict[str, Any]:
    return {"sub": "7", "email": "Mia@Lab.org", "email_verified": True, "name": "Mia", **more}


class TestPerson:
    def test_address(self) -> None:
        person = person_of(provider(), claims())
        assert (person.email, person.domain, person.is_verified) == ("mia@lab.org", "lab.org", True)

    def test_trusted_without_being_verified(self) -> None:
        unverified = claims(email_verified=False)
        assert not person_of(provider(), unverified).is_verified
        assert person_of(provider(trust_email=True), unverified).is_verified
        assert not person_of(provider(trust_email=True), {"sub": "7"}).is_verified

    @pytest.mark.parametrize(
        ("more", "name"),
        [
            ({}, "Mia"),
            ({"name": "  Mia\r\n Moss\u202e "}, "Mia Moss"),
            ({"name": " ", "given_name": "Mia", "family_name": "Moss"}, "Mia Moss"),
            ({"name": 7, "preferred_username": "mm"}, "mm"),
            ({"name": None}, "mia"),
            ({"name": None, "email": None}, "Somebody"),
            ({"name": "x" * 500}, "x" * 100),
        ],
        ids=str,
    )
    def test_name(self, more: dict[str, Any], name: str) -> None:
        assert person_of(provider(), claims(**more)).name == name

    @pytest.mark.parametrize("groups", [None, 7, {}, [7, None, ""], ["x" * 101]], ids=str)
    def test_strange_groups(self, groups: Any) -> None:
        assert person_of(provider(group_claim="groups", group_prefix=""), claims(groups=groups)).groups == frozenset()

    def test_many_groups(self) -> None:
        many = [str(number) for number in range(5_000)]
        found = person_of(provider(group_claim="groups", group_prefix=""), claims(groups=many)).groups
        assert len(found) == 500

    def test_completeness(self) -> None:
        grouped = provider(group_claim="realm_access.roles", group_prefix="")
        assert is_complete(provider(), claims())
        assert not is_complete(grouped, claims())
        assert is_complete(grouped, claims(realm_access={"roles": []}))


class TestGoogle:
    @pytest.mark.parametrize(
        ("more", "is_verified"),
        [
            ({"hd": "lab.org"}, True),
            ({"email": "mia@gmail.com"}, True),
            ({}, False),  # a private account with the address of a former employer
            ({"hd": "elsewhere.org"}, False),
            ({"hd": "lab.org", "email_verified": False}, False),
        ],
        ids=str,
    )
    def test_vouches_only_for_what_it_manages(self, more: dict[str, Any], is_verified: bool) -> None:
        assert person_of(google(), claims(**more)).is_verified is is_verified

    def test_preset(self) -> None:
        found = google(allowed_domains=["@Lab.ORG"])
        assert (found.id, found.name, found.issuer) == ("google", "Google", "https://accounts.google.com")
        assert (found.allowed_domains, found.sign_up) == (["lab.org"], "open")


class TestGroups:
    def test_map_and_prefix(self) -> None:
        found = provider(group_claim="g", group_map={"lab-staff": "Everybody", "x": "X"}, group_prefix="lab-")
        said = frozenset({"lab-staff", "lab-optics", "lab-", "lab-  ", "football"})
        assert groups_of(found, said) == ({"optics"}, {"Everybody"})

    def test_nothing_is_mapped(self) -> None:
        assert groups_of(provider(), frozenset({"lab-optics"})) == (set(), set())


class TestSettings:
    @pytest.mark.parametrize(
        "more",
        [
            {"id": "Lab"},
            {"id": "a/b"},
            {"issuer": "http://id.lab.org"},
            {"issuer": "ftp://id.lab.org"},
            {"issuer": "https://"},
            {"issuer": "https://id.lab.org/?realm=x"},
            {"scopes": ["email"]},
            {"group_map": {"a": "A"}},
            {"group_claim": "groups"},
            {"role": "admin"},
            {"sign_up": "anybody"},
            {"client_id": ""},
            {"clientid": "x"},
        ],
        ids=str,
    )
    def test_refused(self, more: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            provider(**more)

    @pytest.mark.parametrize("issuer", ["http://localhost:8080/realms/x", "http://127.0.0.1:9", "http://id.localhost"])
    def test_plain_http_on_this_machine(self, issuer: str) -> None:
        assert provider(issuer=issuer).issuer == issuer

    def test_two_of_the_same_id(self) -> None:
        with pytest.raises(ValidationError, match="same id"):
            OidcSettings.model_validate({"providers": [LAB, LAB]})

    def test_secret_is_not_shown(self) -> None:
        assert "hush" not in repr(provider(client_secret="hush"))
