"""Commands against a real platform, beyond the contract's: proposals, failures, logs, releases, tokens."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from pymongo import MongoClient
from tests.support.running_platform import HOTHOUSE, Platform
from tests.support.up_process import clean_environment, wait_until

ASGI = {
    "schema_version": "1",
    "slug": "ticker",
    "name": "Ticker",
    "kind": "asgi",
    "entry": "main:app",
    "requirements": "requirements.txt",
}
MAIN = """
print("the ticker ticks", flush=True)

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"tick"})
"""


def running(platform: Platform, token: str, *arguments: str) -> subprocess.Popen[str]:
    """Start a command without waiting for its end."""
    env = clean_environment(HOTHOUSE_URL=platform.url, HOTHOUSE_TOKEN=token, PYTHONUNBUFFERED="1")
    return subprocess.Popen([str(HOTHOUSE), *arguments], env=env, stdout=PIPE, stderr=PIPE, text=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder that holds a web page and no manifest."""
    folder = tmp_path / "leaflet"
    folder.mkdir()
    (folder / "index.html").write_text("<h1>Leaflet</h1>")
    return folder


@pytest.fixture(scope="module")
def ticker(platform: Platform, token: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A deployed app and its source."""
    folder = tmp_path_factory.mktemp("ticker")
    (folder / "manifest.json").write_text(json.dumps(ASGI))
    (folder / "main.py").write_text(MAIN)
    (folder / "requirements.txt").write_text("uvicorn\n")
    done = platform.cli("deploy", str(folder), "--message", "The first", token=token)
    assert done.returncode == 0, done.stderr
    assert "release 1: building" in done.stderr
    yield folder
    platform.cli("delete", "ticker", "--yes", token=token)


class TestDeploy:
    def test_a_proposed_manifest_has_to_be_accepted(self, platform: Platform, token: str, site: Path) -> None:
        refused = platform.cli("deploy", str(site), token=token)
        assert refused.returncode == 1
        assert '"kind": "static"' in refused.stderr
        assert "Pass --yes" in refused.stderr
        assert platform.cli("show", "leaflet", token=token).returncode == 1

        accepted = platform.cli("deploy", str(site), "--yes", "--json", token=token)
        assert accepted.returncode == 0, accepted.stderr
        assert json.loads(accepted.stdout)["slug"] == "leaflet"
        assert platform.cli("delete", "leaflet", "--yes", token=token).returncode == 0

    def test_under_another_slug(self, platform: Platform, token: str, site: Path) -> None:
        done = platform.cli("deploy", str(site), "--yes", "--json", "--slug", "flyer", token=token)
        assert json.loads(done.stdout)["slug"] == "flyer", done.stderr
        assert platform.cli("delete", "flyer", "--yes", token=token).returncode == 0

    def test_every_fault_of_a_manifest_is_named(self, platform: Platform, token: str, site: Path) -> None:
        (site / "manifest.json").write_text(json.dumps({**ASGI, "slug": "Not A Label", "kind": "magic"}))
        done = platform.cli("deploy", str(site), "--json", token=token)
        problem = json.loads(done.stderr)

        assert done.returncode == 1
        assert problem["type"] == "/problems/manifest-invalid"
        assert {"/slug", "/kind"} <= {error["pointer"] for error in problem["errors"]}

    def test_a_failed_build_says_why(self, platform: Platform, token: str, ticker: Path, tmp_path: Path) -> None:
        for source in ticker.iterdir():
            (tmp_path / source.name).write_text(source.read_text())
        (tmp_path / "requirements.txt").write_text("uvicorn==0.0.0\n")
        done = platform.cli("deploy", str(tmp_path), "--json", token=token)
        problem = json.loads(done.stderr)

        assert done.returncode == 1
        assert done.stdout == ""
        assert (problem["slug"], problem["state"]) == ("ticker", "failed")
        assert "uvicorn==0.0.0" in problem["detail"]
        assert problem["log_tail"]
        with platform.app_client("ticker", token) as client:
            assert client.get("/").text == "tick"


class TestLogs:
    def test_of_the_app_and_of_a_build(self, platform: Platform, token: str, ticker: Path) -> None:
        assert "the ticker ticks" in platform.cli("logs", "ticker", token=token).stdout
        assert platform.cli("logs", "ticker", "--build", "1", token=token).stdout.strip()

    def test_follow_goes_on_until_it_is_ended(self, platform: Platform, token: str, ticker: Path) -> None:
        with running(platform, token, "logs", "ticker", "--follow") as process:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any("the ticker ticks" in line for line in lines)
            assert platform.cli("restart", "ticker", token=token).returncode == 0
            assert any("the ticker ticks" in line for line in lines)
            process.terminate()


class TestReleases:
    def test_lists_them(self, platform: Platform, token: str, ticker: Path) -> None:
        found = json.loads(platform.cli("releases", "ticker", "--json", token=token).stdout)
        first = next(release for release in found if release["number"] == 1)

        assert (first["message"], first["serving"]) == ("The first", True)
        assert "The first" in platform.cli("releases", "ticker", token=token).stdout


class TestShow:
    def test_tells_what_matters(self, platform: Platform, token: str, ticker: Path) -> None:
        text = platform.cli("show", "ticker", token=token).stdout

        assert platform.app_url("ticker") in text
        assert "running" in text

    def test_an_app_that_is_not_there(self, platform: Platform, token: str) -> None:
        done = platform.cli("show", "nowhere", "--json", token=token)

        assert done.returncode == 1
        assert json.loads(done.stderr)["type"] == "/problems/not-found"


class TestRename:
    def test_goes_on_serving_and_its_former_address_leads_there(
        self, platform: Platform, token: str, ticker: Path
    ) -> None:
        before = json.loads(platform.cli("show", "ticker", "--json", token=token).stdout)["workload"]["id"]
        done = platform.cli("apps", "rename", "ticker", "tocker", token=token)
        assert done.stdout == f"ticker is tocker now: {platform.app_url('tocker')}\n", done.stderr

        with platform.app_client("tocker", token) as client:
            wait_until(lambda: client.get("/").text == "tick", "the new address")
        with platform.app_client("ticker", token) as client:
            answer = client.post("/a?b=1", content=b"x")
            assert (answer.status_code, answer.headers["location"]) == (308, f"{platform.app_url('tocker')}/a?b=1")
        with platform.app_client("ticker") as client:
            assert client.get("/").status_code == 401
        app = json.loads(platform.cli("show", "ticker", "--json", token=token).stdout)
        assert (app["slug"], app["former_slugs"], app["workload"]["id"]) == ("tocker", ["ticker"], before)
        assert "former slugs" in platform.cli("show", "tocker", token=token).stdout

        refused = platform.cli("apps", "rename", "tocker", "www", "--json", token=token)
        assert refused.returncode == 1
        assert json.loads(refused.stderr)["errors"][0]["pointer"] == "/slug"
        assert platform.cli("apps", "rename", "tocker", "ticker", "--json", token=token).returncode == 0
        with platform.app_client("ticker", token) as client:
            wait_until(lambda: client.get("/").text == "tick", "the address it had before")


class TestAudit:
    def test_verify(self, platform: Platform, token: str) -> None:
        done = platform.cli("audit", "verify", token=token)
        assert (done.returncode, done.stderr) == (0, "")
        assert ": intact. Hash of the last: " in done.stdout

    def test_verify_what_was_altered(self, platform: Platform, token: str) -> None:
        with MongoClient[dict[str, Any]](platform.database_uri()) as mongo:
            entries = mongo["hothouse"]["audit"]
            entry = entries.find_one({"seq": 1})
            assert entry is not None
            entries.update_one({"seq": 1}, {"$set": {"text": "{}"}})
            found = platform.cli("audit", "verify", "--json", token=token)
            entries.update_one({"seq": 1}, {"$set": {"text": entry["text"]}})
        assert found.returncode == 1
        assert [fault["seq"] for fault in json.loads(found.stdout)["faults"]] == [1]

    def test_verify_waits_for_what_is_going_on(self, platform: Platform, token: str) -> None:
        begun = [running(platform, token, "audit", "verify") for _ in range(3)]
        said = [process.communicate(timeout=60)[0] for process in begun]
        assert [process.returncode for process in begun] == [0, 0, 0]
        assert all(": intact." in one for one in said)


class TestTokens:
    def test_make_list_revoke(self, platform: Platform, token: str) -> None:
        made = json.loads(platform.cli("tokens", "create", "laptop", "--json", token=token).stdout)
        listed = json.loads(platform.cli("tokens", "--json", token=made["token"]).stdout)
        assert made["id"] in {each["id"] for each in listed}

        assert platform.cli("tokens", "revoke", made["id"], token=token).returncode == 0
        refused = platform.cli("apps", token=made["token"])
        assert refused.returncode == 1
        assert "HOTHOUSE_TOKEN is not valid here" in refused.stderr

    def test_none_at_all(self, platform: Platform) -> None:
        refused = platform.cli("apps")

        assert refused.returncode == 1
        assert "Run `hothouse login`, or set HOTHOUSE_TOKEN" in refused.stderr


def test_output_can_be_piped_to_a_reader_that_leaves(platform: Platform, token: str) -> None:
    with running(platform, token, "apps", "--json") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


class TestQuotas:
    """Quotas of everyone, of a group and of a person."""

    @pytest.fixture
    def ada(self, platform: Platform, token: str) -> str:
        return str(json.loads(platform.cli("people", "list", "--json", token=token).stdout)[0]["email"])

    def test_set_and_changed_limit_by_limit(self, platform: Platform, token: str, ada: str) -> None:
        assert platform.cli("quotas", "list", token=token).stdout == "Nobody has a quota.\n"
        done = platform.cli("quotas", "set", ada, "--apps", "7", "--memory", "1.5GiB", "--json", token=token)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["limits"].items() >= {"apps": 7, "memory_bytes": 1610612736}.items()

        changed = platform.cli("quotas", "set", ada, "--cpu", "0.5", "--apps", "none", token=token)
        rows = [line.split() for line in changed.stdout.splitlines()[1:]]
        assert [(row[0], row[1], row[-1]) for row in rows] == [(ada, "cpu", "0.5"), (ada, "memory_bytes", "GiB")]
        limits = [one["limits"] for one in json.loads(platform.cli("quotas", "list", "--json", token=token).stdout)]
        assert [{name: limit for name, limit in one.items() if limit} for one in limits] == [
            {"cpu": 0.5, "memory_bytes": 1610612736}
        ]

    def test_mine_and_what_takes_it(self, platform: Platform, token: str, ada: str) -> None:
        found = json.loads(platform.cli("quotas", "mine", "--json", token=token).stdout)
        assert [one["limits"]["cpu"] for one in found["quotas"]] == [0.5]
        assert ada in platform.cli("quotas", "mine", token=token).stdout
        assert platform.cli("quotas", "show", ada, token=token).returncode == 0

    def test_taken_away(self, platform: Platform, token: str, ada: str) -> None:
        assert platform.cli("quotas", "remove", ada, token=token).returncode == 0
        again = platform.cli("quotas", "remove", ada, token=token)
        assert again.returncode == 1
        assert "has no quota" in again.stderr

    def test_of_everyone(self, platform: Platform, token: str) -> None:
        done = platform.cli("quotas", "set", "signed-in", "--environments", "3", token=token)
        assert done.returncode == 0, done.stderr
        assert "each their own" in done.stdout
        assert platform.cli("quotas", "remove", "signed-in", token=token).returncode == 0

    @pytest.mark.parametrize("limit", [("--disk", "lots"), ("--apps", "-1"), ("--apps", "1.5")])
    def test_what_is_no_limit(self, platform: Platform, token: str, ada: str, limit: tuple[str, str]) -> None:
        refused = platform.cli("quotas", "set", ada, *limit, token=token)
        assert refused.returncode == 2
        assert limit[1] in refused.stderr
        assert platform.cli("quotas", "list", token=token).stdout == "Nobody has a quota.\n"
