"""The person a developer is."""

import pytest
from starlette.testclient import TestClient

from hothouse_sdk import Experiment, OptionalUser
from hothouse_sdk.dev import DevError
from hothouse_sdk.dev.acting import ActingUser, parse_user


@pytest.mark.parametrize(
    ("text", "name", "email"),
    [
        ("Ada Lovelace <ada@example.org>", "Ada Lovelace", "ada@example.org"),
        ("  Zoë<zoe@example.org> ", "Zoë", "zoe@example.org"),
        ("<ada@example.org>", "ada@example.org", "ada@example.org"),
        ("ada@example.org", "ada", "ada@example.org"),
    ],
)
def test_parse(text: str, name: str, email: str) -> None:
    user = parse_user(text, ["lab"])
    assert (user.name, user.email, user.groups) == (name, email, ("lab",))


@pytest.mark.parametrize("text", ["", "Ada", "Ada <ada>", "Ada ada@example.org", "<a@b> <c@d>"])
def test_not_understood(text: str) -> None:
    with pytest.raises(DevError, match="write it as"):
        parse_user(text)


def test_id_is_the_same_every_time() -> None:
    assert parse_user("A <ADA@example.org>").id == parse_user("B <ada@example.org>").id


def test_headers_of_the_client_are_dropped() -> None:
    experiment = Experiment()

    @experiment.get("/")
    async def index(user: OptionalUser) -> str:
        return f"{user.name} {user.groups}" if user else "nobody"

    forged = {"X-Hothouse-User": "root", "X-Hothouse-Name": "Root", "X-Hothouse-Groups": "admins"}
    ada = parse_user("Ada <ada@example.org>")
    assert TestClient(ActingUser(experiment, ada.to_headers())).get("/", headers=forged).json() == "Ada ()"
    assert TestClient(ActingUser(experiment, {})).get("/", headers=forged).json() == "nobody"
