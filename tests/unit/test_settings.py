"""What environment variables mean."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from hothouse.settings import Settings
from hothouse.supervisor.installation import Installation
from hothouse.supervisor.up import _wire


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOTHOUSE_HOME", str(tmp_path / "home"))


class TestNames:
    def test_only_the_first_underscore_separates(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOTHOUSE_BROKER_TLS_CERTIFICATE", "/c.pem")
        monkeypatch.setenv("HOTHOUSE_BROKER_TLS_KEY", "/k.pem")
        monkeypatch.setenv("HOTHOUSE_DATA_MAX_TIME_MS", "1000")
        settings = Settings()
        assert settings.broker.tls_certificate == Path("/c.pem")
        assert settings.data.max_time_ms == 1000


class TestBroker:
    @pytest.mark.parametrize("name", ["CERTIFICATE", "KEY", "CA"])
    def test_half_a_certificate(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setenv(f"HOTHOUSE_BROKER_TLS_{name}", "/x.pem")
        with pytest.raises(ValidationError, match="HOTHOUSE_BROKER_TLS_CERTIFICATE"):
            Settings()

    def test_socket_has_a_folder_of_its_own_beside_the_private_one(self) -> None:
        settings = Settings()
        assert settings.broker_socket.parent.parent == settings.run_dir.parent
        assert settings.broker_socket.parent != settings.run_dir
        assert len(str(settings.broker_socket)) < 100

    def test_another_setting_of_the_broker_is_no_wish_for_its_port(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HOTHOUSE_MONGODB_URI", "mongodb://127.0.0.1:1")
        installation = Installation(Settings().home, Settings().home / "run")
        installation.prepare()
        before = _wire(Settings(), installation).broker_port
        monkeypatch.setenv("HOTHOUSE_BROKER_TRANSPORT", "unix")
        assert _wire(Settings(), installation).broker_port == before


class TestData:
    @pytest.mark.parametrize(("name", "value"), [("STORAGE_BYTES", "1000"), ("CONNECTIONS", "1"), ("MAX_TIME_MS", "0")])
    def test_bounds(self, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
        monkeypatch.setenv(f"HOTHOUSE_DATA_{name}", value)
        with pytest.raises(ValidationError, match="greater than or equal"):
            Settings()
