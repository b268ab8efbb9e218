"""`hothouse-sdk dev`: one app alone, with a scratch database, again after each change."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from app_process import running

DEV = ["-m", "hothouse_sdk.cli", "dev"]
APP = """
from hothouse_sdk import CurrentUser, Database, Experiment
app = Experiment()

@app.get("/")
async def index(user: CurrentUser, database: Database) -> str:
    await database.visits.insert_one({"by": user.name})
    return f"{user.name} 1 {await database.visits.count_documents({})} {database.name}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "main.py").write_text(APP)
    (folder / "manifest.json").write_text('{"slug": "my-app", "name": "My App", "kind": "asgi", "entry": "main:app"}')
    return folder


async def test_scratch_database_acting_user_and_reload(folder: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    argv = [*DEV, folder, "--port", "0", "--as", "Zoë <zoe@example.org>"]
    async with running(argv, cwd=tmp_path, env={"TMPDIR": str(scratch)}) as app:
        assert any(line.strip().startswith("My App · http://127.0.0.1:") for line in app.lines)
        assert (await app.client.get("/", headers={"X-Hothouse-Name": "Root"})).json() == "Zoë 1 1 my_app"
        [files] = scratch.glob("hothouse-dev-*")
        assert (files / "data").is_dir()
        seen = len(app.lines)
        (folder / "main.py").write_text(APP.replace(" 1 {await", " 2 {await"))
        await app.printed("Application startup complete", after=seen)
        assert (await app.client.get("/")).json() == "Zoë 2 2 my_app"
        assert await app.stop(signal.SIGINT) == 0
        await app.printed("stopped")
    assert list(scratch.iterdir()) == []


async def test_given_database_and_signed_out(folder: Path) -> None:
    env = {"HOTHOUSE_DATABASE_URI": "mongodb://127.0.0.1:1/elsewhere"}
    argv = [*DEV, folder, "--port", "0", "--signed-out", "--no-reload"]
    async with running(argv, cwd=folder, env=env) as app:
        assert any("mongodb://127.0.0.1:1/elsewhere" in line for line in app.lines)
        assert (await app.client.get("/")).status_code == 401


async def test_kept_data(folder: Path, tmp_path: Path) -> None:
    argv = [*DEV, folder, "--port", "0", "--no-reload", "--data", tmp_path / "kept"]
    for visits in (1, 2):
        async with running(argv, cwd=folder) as app:
            assert (await app.client.get("/")).json() == f"You 1 {visits} my_app"


@pytest.mark.parametrize(
    ("arguments", "manifest", "message"),
    [
        (["nowhere"], None, r"there is no folder nowhere"),
        (["--as", "Ada"], None, r"--as 'Ada' is not understood"),
        ([], '{"kind": "streamlit", "entry": "app.py"}', r"streamlit run app\.py"),
        ([], '{"kind": "static", "entry": "site"}', r"serve_static .*/site"),
        ([], "{", r"manifest\.json is not valid JSON"),
        ([], "{}", r'add "entry": "main:app" to manifest\.json'),
    ],
)
def test_refusals_are_one_line(folder: Path, arguments: list[str], manifest: str | None, message: str) -> None:
    if manifest:
        (folder / "manifest.json").write_text(manifest)
    done = subprocess.run([sys.executable, *DEV, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert re.fullmatch(rf"error: .*{message}.*\n", done.stderr)


def test_no_database_to_be_had(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hothouse_sdk.dev import DevError, scratch

    monkeypatch.delenv("HOTHOUSE_DATABASE_URI", raising=False)
    monkeypatch.setattr(scratch, "COMMAND", "a-server-nobody-has")
    with (
        pytest.raises(DevError, match=r"HOTHOUSE_DATABASE_URI=mongodb://.*pip install"),
        scratch.database_for("a", None),
    ):
        pass
