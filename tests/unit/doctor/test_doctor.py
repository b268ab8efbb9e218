import json
import socket

from tests.support.ports import free_port
from tests.support.up_process import run_cli

from hothouse.doctor import parts
from hothouse.doctor.report import asked_for
from hothouse.launch import levels
from hothouse.settings import MongoSettings, Settings


class TestDoctor:
    def test_tells_about_this_machine(self, tmp_path):
        ended = run_cli("doctor", "--json", HOTHOUSE_HOME=str(tmp_path / "home"), HOTHOUSE_PORT=str(free_port()))
        report = json.loads(ended.stdout)
        states = {finding["name"]: finding["state"] for finding in report["findings"]}

        assert ended.returncode == 0
        assert report["isolation"]["level"] in {"strong", "good", "weak"}
        assert report["isolation"]["level"] == "strong" or report["isolation"]["reasons"]
        assert {states[name] for name in ("python", "database", "storage", "port", "uv")} == {"ok"}
        assert "disk" in states
        assert not (tmp_path / "home").exists()

    def test_every_lack_has_advice(self):
        report = json.loads(run_cli("doctor", "--json").stdout)

        assert all(finding["advice"] for finding in report["findings"] if finding["state"] != "ok")

    def test_is_a_table_for_people(self):
        text = run_cli("doctor").stdout

        assert text.startswith("Apps are isolated at level ")
        assert "FOR MORE" in text

    def test_says_when_the_platform_could_not_start(self):
        ended = run_cli("doctor", HOTHOUSE_MONGODB_URI="mysql://localhost")

        assert ended.returncode == 1


class TestDatabase:
    def test_one_that_does_not_answer(self, tmp_path, monkeypatch):
        monkeypatch.setattr(parts, "CHECK_MILLISECONDS", 200)
        uri = f"mongodb://someone:hunter2@127.0.0.1:{free_port()}"
        finding = parts.database(Settings(home=tmp_path, mongodb=MongoSettings.model_validate({"uri": uri})))

        assert finding.state == "missing"
        assert "HOTHOUSE_MONGODB_URI" in finding.advice
        assert "hunter2" not in finding.found

    async def test_one_that_does(self, tmp_path, mongodb_uri):
        finding = parts.database(Settings(home=tmp_path, mongodb=MongoSettings.model_validate({"uri": mongodb_uri})))

        assert finding.state == "ok"


class TestStorage:
    def test_a_file_in_the_way(self, tmp_path):
        (tmp_path / "file").write_text("")
        finding = parts.storage(Settings(home=tmp_path / "file" / "home"))

        assert (finding.state, finding.found) == ("missing", f"{tmp_path / 'file'} is not a folder")


class TestPort:
    def test_a_taken_one(self, tmp_path):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            finding = parts.port(Settings(home=tmp_path, port=server.getsockname()[1]))

        assert finding.state == "partial"


class TestLevels:
    def test_one_kind_of_code_that_this_machine_contains_too_little(self):
        settings = Settings.model_validate({"launch": {"minimum_levels": {"environments": "strong"}}})
        finding = asked_for(levels.grade("process", ()), settings)

        assert finding.state == "partial"
        assert finding.found.startswith("apps weak, environments strong, builds weak; environments may run at level")
        assert "HOTHOUSE_LAUNCH_MINIMUM_LEVEL" in finding.advice

    def test_all_of_them(self):
        settings = Settings.model_validate({"launch": {"minimum_level": "good"}})

        assert asked_for(levels.grade("process", ()), settings).state == "missing"
