"""`--keep-apps`: apps outlive the platform and are taken over by the next start; without it they end with it."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.support.up_process import UpProcess, run_cli, wait_until

from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.interfaces import Isolation, Phase

MANIFEST = {"schema_version": "1", "slug": "page", "name": "Page", "kind": "static", "entry": ".", "access": "public"}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    (folder / "index.html").write_text("<h1>Still here</h1>")
    return folder


def phase(home: Path, workload_id: str) -> Phase:
    launcher = LocalLauncher(home / "workloads", Isolation(level="weak", mechanism="process"))
    return asyncio.run(launcher.poll(workload_id)).phase


class TestKeepApps:
    def test_an_app_stays_and_is_taken_over(self, tmp_path, page):
        platform = UpProcess(tmp_path / "home", "--keep-apps")
        platform.start()
        with platform.sign_in() as client:
            token = client.headers["Authorization"].removeprefix("Bearer ")
            deployed = run_cli("deploy", str(page), "--json", HOTHOUSE_URL=platform.url, HOTHOUSE_TOKEN=token)
            assert deployed.returncode == 0, deployed.stderr
            workload = client.get("/api/v1/apps/page").json()["workload"]["id"]
        platform.stop()
        assert phase(platform.home, workload) is Phase.running

        platform.arguments = ()
        platform.start()
        with platform.sign_in() as client:
            host = {"Host": f"page.apps.localhost:{platform.port}"}
            wait_until(lambda: "Still here" in client.get("/", headers=host).text, "the app is reached again")
            assert client.get("/api/v1/apps/page").json()["workload"]["id"] == workload
        platform.stop()
        assert phase(platform.home, workload) is not Phase.running
