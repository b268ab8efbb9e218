"""Who the gateway says is using the app."""

import pytest
from starlette.testclient import TestClient

from hothouse_sdk import CurrentUser, Experiment, OptionalUser, User


class TestFromHeaders:
    def test_everything(self) -> None:
        headers = {
            "x-hothouse-user": "u1",
            "x-hothouse-email": "zoe@example.org",
            "x-hothouse-name": "Zo%C3%AB%20M%C3%BCller%2C%20PhD",
            "x-hothouse-groups": "lab-a, lab-b,,",
        }
        assert User.from_headers(headers) == User("u1", "zoe@example.org", "Zoë Müller, PhD", ("lab-a", "lab-b"))

    @pytest.mark.parametrize("headers", [{}, {"x-hothouse-user": ""}, {"x-hothouse-email": "a@example.org"}])
    def test_nobody(self, headers: dict[str, str]) -> None:
        assert User.from_headers(headers) is None

    def test_address_stands_in_for_a_missing_name(self) -> None:
        user = User.from_headers({"x-hothouse-user": "u1", "x-hothouse-email": "ada@example.org"})
        assert user is not None
        assert (user.name, user.initials) == ("ada@example.org", "A")

    def test_malformed_encoding_does_not_fail(self) -> None:
        user = User.from_headers({"x-hothouse-user": "u1", "x-hothouse-name": "A%ZZ%FFb"})
        assert user is not None
        assert user.name == "A%ZZ\ufffdb"

    def test_round_trip(self) -> None:
        user = User("u1", "zoe@example.org", "Zoë 🌱", ("a", "b"))
        assert User.from_headers(user.to_headers()) == user


class TestDependencies:
    @pytest.fixture
    def client(self) -> TestClient:
        experiment = Experiment()

        @experiment.get("/optional")
        async def optional(user: OptionalUser) -> str:
            return user.name if user else "nobody"

        @experiment.get("/required")
        async def required(user: CurrentUser) -> str:
            return user.name

        return TestClient(experiment)

    def test_signed_in(self, client: TestClient) -> None:
        headers = User("u1", "a@example.org", "Ada").to_headers()
        assert client.get("/optional", headers=headers).json() == "Ada"
        assert client.get("/required", headers=headers).json() == "Ada"

    def test_signed_out(self, client: TestClient) -> None:
        assert client.get("/optional").json() == "nobody"
        answer = client.get("/required")
        assert answer.status_code == 401
        assert "Sign in" in answer.json()["detail"]
