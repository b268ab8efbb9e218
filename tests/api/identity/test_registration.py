"""Registering by oneself, and mail by a real SMTP connection."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from tests.support.mail_sink import MailSink
from tests.support.waiting import eventually

from hothouse.settings import MailSettings, RegistrationSettings, Settings

MIA = "mia@example.org"


@pytest.fixture
async def sink() -> AsyncIterator[MailSink]:
    """A mail server."""
    async with MailSink() as sink:
        yield sink


def code_in(text: str) -> str:
    """Return the code of the link in a message."""
    found = re.search(r"^http://localhost:8000/[a-z-]+#(\S+)\s*$", text, re.MULTILINE)
    assert found, text
    return found[1]


async def letter(sink: MailSink, number: int = 1) -> Any:
    """Wait for a message."""
    await eventually(lambda: len(sink.messages) >= number, "mail")
    return sink.messages[number - 1]


async def make_account(client: httpx2.AsyncClient, code: str) -> int:
    body = {"code": code, "name": "Mia", "password": "long enough pw"}
    return (await client.post("/api/v1/auth/invitation/accept", json=body)).status_code


class TestClosed:
    async def test_is_the_default(self, anyone: httpx2.AsyncClient) -> None:
        options = (await anyone.get("/api/v1/auth/options")).json()
        assert options == {"registration": False, "domains": [], "mail": False}
        answer = await anyone.post("/api/v1/auth/register", json={"email": MIA})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/registration-closed")

    async def test_forgotten_without_mail(self, anyone: httpx2.AsyncClient) -> None:
        answer = await anyone.post("/api/v1/auth/forgotten", json={"email": "ada@example.org"})
        assert answer.status_code == 202


class TestWithoutMail:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"registration": RegistrationSettings(open=True)})

    async def test_register(self, anyone: httpx2.AsyncClient) -> None:
        answer = await anyone.post("/api/v1/auth/register", json={"email": MIA})
        assert answer.status_code == 202
        assert await make_account(anyone, answer.json()["code"]) == 201
        user = (await anyone.get("/api/v1/auth/me")).json()["user"]
        assert (user["email"], user["role"]) == (MIA, "developer")

    async def test_address_that_is_taken(self, anyone: httpx2.AsyncClient) -> None:
        code = (await anyone.post("/api/v1/auth/register", json={"email": "ADA@example.org"})).json()["code"]
        assert await make_account(anyone, code) == 409


class TestByMail:
    @pytest.fixture
    def settings(self, settings: Settings, sink: MailSink) -> Settings:
        mail = MailSettings(host="127.0.0.1", port=sink.port, security="none", sender="Hothouse <lab@example.org>")
        registration = RegistrationSettings(open=True, domains=["@Example.org"])
        return settings.model_copy(update={"mail": mail, "registration": registration})

    async def test_register(self, anyone: httpx2.AsyncClient, sink: MailSink) -> None:
        options = (await anyone.get("/api/v1/auth/options")).json()
        assert options == {"registration": True, "domains": ["example.org"], "mail": True}
        answer = await anyone.post("/api/v1/auth/register", json={"email": MIA})
        assert (answer.status_code, answer.json()) == (202, {"code": None})
        message = await letter(sink)
        assert (message["To"], message["From"]) == (MIA, "Hothouse <lab@example.org>")
        assert await make_account(anyone, code_in(message.get_content())) == 201

    async def test_address_that_is_taken_answers_alike(self, anyone: httpx2.AsyncClient, sink: MailSink) -> None:
        known = await anyone.post("/api/v1/auth/register", json={"email": "ada@example.org"})
        unknown = await anyone.post("/api/v1/auth/register", json={"email": MIA})
        assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
        await letter(sink, 2)
        (to_ada,) = [one for one in sink.messages if one["To"] == "ada@example.org"]
        assert "#" not in to_ada.get_content()

    async def test_other_domain(self, anyone: httpx2.AsyncClient, sink: MailSink) -> None:
        for email in ("mia@example.com", "mia@sub.example.org", "mia@example.org.evil.com"):
            answer = await anyone.post("/api/v1/auth/register", json={"email": email})
            assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")
        assert sink.messages == []

    async def test_nobody_is_flooded(self, anyone: httpx2.AsyncClient) -> None:
        answers = [await anyone.post("/api/v1/auth/forgotten", json={"email": MIA}) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]

    async def test_forgotten_password(self, anyone: httpx2.AsyncClient, sink: MailSink) -> None:
        unknown = await anyone.post("/api/v1/auth/forgotten", json={"email": "nobody@example.org"})
        known = await anyone.post("/api/v1/auth/forgotten", json={"email": "Ada@example.org"})
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        code = code_in((await letter(sink)).get_content())
        body = {"code": code, "password": "long enough pw"}
        assert (await anyone.post("/api/v1/auth/reset/finish", json=body)).status_code == 204
        assert [one["To"] for one in sink.messages] == ["ada@example.org"]

    async def test_invitation_is_sent(self, ada: httpx2.AsyncClient, sink: MailSink) -> None:
        made = (await ada.post("/api/v1/invitations", json={"email": MIA})).json()
        assert made["is_mailed"]
        assert code_in((await letter(sink)).get_content()) == made["url"].partition("#")[2]
        failed = (await ada.post("/api/v1/invitations", json={"email": "nowhere@example.org"})).json()
        assert not failed["is_mailed"]  # and the link can be handed out
        assert not (await ada.post("/api/v1/invitations", json={})).json()["is_mailed"]


class TestSettings:
    def test_domains_need_mail(self) -> None:
        with pytest.raises(ValidationError, match="HOTHOUSE_MAIL_HOST"):
            Settings.model_validate({"registration": {"open": True, "domains": ["example.org"]}})

    def test_mail_needs_a_sender(self) -> None:
        with pytest.raises(ValidationError, match="HOTHOUSE_MAIL_SENDER"):
            Settings.model_validate({"mail": {"host": "localhost"}})
