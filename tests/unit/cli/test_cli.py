import json
import re
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tests.support.ports import free_port
from tests.support.up_process import clean_environment, run_cli

SOURCE = Path(__file__).parents[3] / "src" / "hothouse"


@pytest.fixture
def stranger():
    """A web server that is not Hothouse."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>It works!</html>")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class TestHelp:
    def test_names_every_command(self):
        text = run_cli("--help").stdout
        commands = re.findall(r"^  (\w+)  ", text, re.MULTILINE)

        expected = "up hub gateway broker worker doctor config version deploy apps show logs open stop start restart"
        assert set(expected.split()) | {"rollback", "releases", "delete", "init", "tokens", "data"} <= set(commands)

    def test_loads_nothing_heavy(self):
        script = "import sys, hothouse.cli; print(*(name for name in sys.modules if '.' not in name))"
        loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.split()

        assert not {"pydantic", "fastapi", "httpx2", "pymongo", "aiohttp", "asyncio"} & set(loaded)


class TestVersion:
    def test_prints_it(self):
        assert re.fullmatch(r"\d+\.\d+\.\d+\n", run_cli("version").stdout)
        assert json.loads(run_cli("version", "--json").stdout)["version"]


class TestOldPython:
    def test_is_told_before_anything_else(self):
        """The check runs on an interpreter that says it is older, ahead of every import of ours."""
        source = (SOURCE / "cli" / "__init__.py").read_text()
        script = f"import sys; sys.version_info = (3, 9, 2)\nexec({source!r})"
        ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

        assert ended.returncode == 1
        assert ended.stderr == "Hothouse needs Python 3.11 or newer; this is 3.9. Install a newer one and try again.\n"


class TestAdmin:
    def test_no_platform_runs(self, tmp_path):
        failed = run_cli("admin", "reset-second-factor", "ada@example.org", HOTHOUSE_HOME=str(tmp_path))
        assert failed.returncode == 1
        assert f"No platform runs on {tmp_path}" in failed.stderr


class TestUnreachable:
    def test_says_what_to_do(self):
        ended = run_cli("apps", HOTHOUSE_URL=f"http://localhost:{free_port()}")

        assert ended.returncode == 1
        assert ended.stdout == ""
        assert re.fullmatch(r"hothouse: No Hothouse answers at .*`hothouse up`, or set HOTHOUSE_URL\.\n", ended.stderr)

    def test_is_problem_json_with_json(self):
        ended = run_cli("apps", "--json", HOTHOUSE_URL=f"http://localhost:{free_port()}")
        problem = json.loads(ended.stderr)

        assert ended.returncode == 1
        assert {"type", "title", "status", "detail"} <= set(problem)

    def test_something_else_that_answers(self, stranger):
        ended = run_cli("apps", HOTHOUSE_URL=stranger)

        assert ended.returncode == 1
        assert ended.stderr == f"hothouse: What answers at {stranger} is not Hothouse. Check HOTHOUSE_URL.\n"

    def test_an_address_that_is_none(self):
        ended = run_cli("apps", HOTHOUSE_URL="localhost:8000")

        assert ended.stderr == (
            "hothouse: HOTHOUSE_URL=localhost:8000 is not an address like http://localhost:8000. Correct it.\n"
        )


class TestDelete:
    def test_without_anybody_to_ask(self):
        ended = run_cli("delete", "echo", HOTHOUSE_URL=f"http://localhost:{free_port()}")

        assert ended.returncode == 1
        assert "pass --yes" in ended.stderr


class TestDeploy:
    def test_a_folder_that_is_not_there(self, tmp_path):
        ended = run_cli("deploy", str(tmp_path / "nothing"))

        assert ended.returncode == 1
        assert "is not a folder" in ended.stderr

    def test_a_folder_that_cannot_be_packed(self, tmp_path):
        (tmp_path / "link").symlink_to("/etc/passwd")
        ended = run_cli("deploy", str(tmp_path))

        assert ended.returncode == 1
        assert "cannot be packed" in ended.stderr
        assert "Traceback" not in ended.stderr


class TestInit:
    def test_writes_a_proposed_manifest(self, tmp_path):
        (tmp_path / "app.py").write_text("import streamlit as st\nst.title('Hello')\n")
        ended = run_cli("init", str(tmp_path))
        manifest = json.loads((tmp_path / "manifest.json").read_text())

        assert ended.returncode == 0
        assert manifest["kind"] == "streamlit"
        assert manifest["entry"] == "app.py"

    def test_never_overwrites(self, tmp_path):
        (tmp_path / "manifest.json").write_text("{}")
        ended = run_cli("init", str(tmp_path))

        assert ended.returncode == 1
        assert (tmp_path / "manifest.json").read_text() == "{}"

    def test_a_folder_without_an_app(self, tmp_path):
        (tmp_path / "notes.txt").write_text("nothing here")
        ended = run_cli("init", str(tmp_path))

        assert ended.returncode == 1
        assert "looks like an app" in ended.stderr
        assert not (tmp_path / "manifest.json").exists()


class TestConfig:
    def read(self, tmp_path, **settings):
        command = [sys.executable, "-m", "hothouse.cli", "config", "--json"]
        ended = subprocess.run(command, env=clean_environment(**settings), cwd=tmp_path, capture_output=True, text=True)
        return {entry["name"]: (entry["value"], entry["source"]) for entry in json.loads(ended.stdout)}

    def test_says_where_each_value_comes_from(self, tmp_path):
        (tmp_path / ".env").write_text("HOTHOUSE_PORT=9001\nHOTHOUSE_DOMAIN=apps.example.org\n")
        found = self.read(tmp_path, HOTHOUSE_PORT="9002")

        assert found["HOTHOUSE_PORT"] == (9002, "environment")
        assert found["HOTHOUSE_DOMAIN"] == ("apps.example.org", ".env")
        assert found["HOTHOUSE_BIND"] == ("127.0.0.1", "default")

    def test_masks_secrets(self, tmp_path):
        secrets = {
            "HOTHOUSE_MONGODB_URI": "mongodb://u:hunter2@localhost",
            "HOTHOUSE_ADMIN_PASSWORD": "hunter2",
            "HOTHOUSE_INTERNAL_KEY": "hunter2",
        }
        found = self.read(tmp_path, **secrets)

        assert {found[name] for name in secrets} == {("********", "environment")}

    def test_invalid_settings_name_variable_and_fault(self):
        ended = run_cli("config", HOTHOUSE_PORT="99999", HOTHOUSE_LAUNCH_ISOLATION="magic")

        assert ended.returncode == 1
        assert "HOTHOUSE_PORT is not valid: Input should be less than or equal to 65535" in ended.stderr
        assert "HOTHOUSE_LAUNCH_ISOLATION is not valid" in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_invalid_secrets_are_not_shown(self):
        ended = run_cli("config", HOTHOUSE_MONGODB="hunter2")

        assert "hunter2" not in ended.stdout + ended.stderr


class TestParts:
    @pytest.mark.parametrize("part", ["hub", "gateway", "broker", "worker"])
    def test_invalid_settings_end_them_for_good(self, part):
        ended = run_cli(part, HOTHOUSE_PORT="x")

        assert ended.returncode == 78
        assert ended.stderr.startswith("hothouse: HOTHOUSE_PORT is not valid")


class TestUp:
    """What is refused before anything is started."""

    def refused(self, **settings) -> str:
        ended = run_cli("up", **settings)
        assert ended.returncode == 1
        assert ended.stderr.startswith("hothouse: ")
        assert ended.stderr.count("\n") == 1
        assert "Traceback" not in ended.stderr
        return ended.stderr

    def test_a_taken_port(self, tmp_path):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            port = server.getsockname()[1]
            text = self.refused(HOTHOUSE_HOME=str(tmp_path / "home"), HOTHOUSE_PORT=str(port))

        assert f"Port {port} on 127.0.0.1 is taken by process" in text
        assert "HOTHOUSE_PORT=" in text

    def test_a_folder_that_cannot_be(self, tmp_path):
        (tmp_path / "file").write_text("")
        text = self.refused(HOTHOUSE_HOME=str(tmp_path / "file" / "home"), HOTHOUSE_PORT=str(free_port()))

        assert "HOTHOUSE_HOME=" in text

    def test_a_mongodb_that_does_not_answer(self, tmp_path):
        uri = f"mongodb://127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=300"
        settings = {"HOTHOUSE_HOME": str(tmp_path / "home"), "HOTHOUSE_PORT": str(free_port())}
        text = self.refused(HOTHOUSE_MONGODB_URI=uri, **settings)

        assert "No MongoDB answers at HOTHOUSE_MONGODB_URI" in text

    def test_a_mongodb_uri_that_is_none(self, tmp_path):
        settings = {"HOTHOUSE_HOME": str(tmp_path / "home"), "HOTHOUSE_PORT": str(free_port())}
        text = self.refused(HOTHOUSE_MONGODB_URI="mysql://localhost", **settings)

        assert "HOTHOUSE_MONGODB_URI is not a connection string" in text

    def test_examples_that_are_not_there(self, tmp_path):
        ended = run_cli("up", "--examples", str(tmp_path / "none"))

        assert ended.returncode == 1
        assert "is not a folder" in ended.stderr


@pytest.mark.parametrize("option", ["--cpu=nan", "--cpu=inf", "--cpu=-1", "--apps=1.5", "--memory=much"])
def test_quota_that_is_no_amount_is_refused_before_anything_is_sent(option):
    ended = run_cli("quotas", "set", "signed-in", option)
    assert ended.returncode == 2
    assert "none" in ended.stderr
    assert f"'{option.partition('=')[0]}'" in ended.stderr
