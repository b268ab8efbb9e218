"""Where `hothouse login` keeps API tokens."""

import json
from pathlib import Path

import pytest

from hothouse.cli.client import Client
from hothouse.cli.credentials import CredentialsFile, Stored
from hothouse.cli.errors import CliError

HERE = Stored("http://localhost:8000", "hh_here", "t1", "ada@example.org")
THERE = Stored("https://lab.example.org", "hh_there", "t2", "ada@example.org")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CredentialsFile:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("HOTHOUSE_URL", "HOTHOUSE_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return CredentialsFile()


class TestFile:
    def test_is_for_its_owner_only(self, file: CredentialsFile, tmp_path: Path) -> None:
        file.put(HERE)
        assert file.path == tmp_path / "config" / "hothouse" / "credentials.json"
        assert (file.path.stat().st_mode & 0o777, file.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert [one.name for one in file.path.parent.iterdir()] == ["credentials.json"]

    def test_open_to_others_is_refused(self, file: CredentialsFile) -> None:
        file.put(HERE)
        file.path.chmod(0o644)
        with pytest.raises(CliError, match="chmod 600"):
            file.get(None)

    def test_several_platforms(self, file: CredentialsFile) -> None:
        assert file.get(None) is None
        file.put(HERE)
        file.put(THERE)
        assert (file.get(None), file.get("http://localhost:8000/")) == (THERE, HERE)
        file.remove(THERE.url)
        assert (file.get(None), file.get(THERE.url)) == (HERE, None)
        file.remove(HERE.url)
        assert file.get(None) is None

    @pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({"current": "x", "platforms": {"x": 3}})])
    def test_broken(self, file: CredentialsFile, text: str) -> None:
        file.put(HERE)
        file.path.write_text(text)
        try:
            assert file.get(None) is None
        except CliError as error:
            assert "hothouse login" in str(error)  # noqa: PT017 -- either is right, a traceback is not


class TestClient:
    def test_uses_it(self, file: CredentialsFile) -> None:
        file.put(THERE)
        with Client.from_environment() as client:
            assert (client.url, client.proof) == (THERE.url, "hothouse login")

    def test_token_in_the_environment_goes_first(self, file: CredentialsFile, monkeypatch: pytest.MonkeyPatch) -> None:
        file.put(THERE)
        monkeypatch.setenv("HOTHOUSE_TOKEN", "hh_env")
        with Client.from_environment() as client:
            assert (client.url, client.proof) == ("http://localhost:8000", "HOTHOUSE_TOKEN")

    def test_goes_to_no_other_platform(self, file: CredentialsFile, monkeypatch: pytest.MonkeyPatch) -> None:
        file.put(THERE)
        monkeypatch.setenv("HOTHOUSE_URL", "https://evil.example.org")
        with Client.from_environment() as client:
            assert (client.url, client.proof) == ("https://evil.example.org", "")
            assert "authorization" not in client._http.headers
