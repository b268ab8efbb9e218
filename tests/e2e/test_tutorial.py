"""The tutorial's app, played as its page tells: deploy, keep data, break, mend, roll back."""

import json
from pathlib import Path

from tests.support.running_platform import Platform
from tests.support.tutorial import write_tutorial


def test_played_as_written(platform: Platform, token: str, tmp_path: Path) -> None:
    folder = tmp_path / "notebook"
    first = platform.cli("deploy", str(write_tutorial(folder, 1)), "--wait", token=token)
    assert first.returncode == 0, first.stderr
    assert f"Notebook release 1 serves at {platform.app_url('notebook')}" in first.stdout
    with platform.app_client("notebook", token) as client:
        assert client.post("/notes", data={"text": "Mildew on bed 3"}).status_code == 303
        bad = platform.cli("deploy", str(write_tutorial(folder, 2)), "--wait", "--message", "Say where", token=token)
        assert bad.returncode == 1
        assert "Release 1 stays in place." in bad.stderr
        assert "KeyError: 'NOTEBOOK_PLACE'" in bad.stderr
        assert "Mildew on bed 3" in client.get("/").text
        mended = platform.cli("deploy", str(write_tutorial(folder, 3)), "--wait", "--json", token=token)
        assert json.loads(mended.stdout)["release"] == 3, mended.stderr
        assert "Mildew on bed 3" in client.get("/").text
        assert platform.cli("rollback", "notebook", token=token).returncode == 0
        again = platform.cli("rollback", "notebook", "--to", "3", token=token)
        assert again.returncode == 0, again.stderr
        assert "Mildew on bed 3" in client.get("/").text
