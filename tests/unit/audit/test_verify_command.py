"""`hothouse audit verify FILE` needs no platform: it reads an export, names what is wrong, and says so by exit code."""

import json
import sys
from itertools import count
from pathlib import Path

import pytest
from tests.unit.audit.test_chain import KEY, chain
from typer.testing import CliRunner

from hothouse.cli import app
from hothouse.cli.audit import verdict_on


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    lines = [json.dumps({**json.loads(one.text), "hash": one.hash, "seal": one.seal}) for one in chain(4)]
    (tmp_path / "audit.key").write_text(KEY.hex())
    path = tmp_path / "audit.ndjson"
    path.write_text("\n".join(lines) + "\n")
    return path


def verify(*arguments: object) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["audit", "verify", *map(str, arguments)])
    return ran.exit_code, ran.output


class TestVerify:
    def test_intact(self, exported: Path) -> None:
        code, said = verify(exported, "--key", exported.with_name("audit.key"))
        assert (code, "4 entries, 1 to 4: intact" in said) == (0, True)

    def test_says_how_far_it_got_once_it_takes_long(
        self, exported: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        size = exported.stat().st_size
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        assert verdict_on(exported, None)["is_intact"]
        assert capsys.readouterr().err == ""
        monkeypatch.setattr("hothouse.cli.output.time.monotonic", count(step=0.4).__next__)
        assert verdict_on(exported, None)["is_intact"]
        shown = capsys.readouterr().err
        assert f"Bytes verified: {size:,} of {size:,} (100 %)" in shown
        assert shown.endswith("\r\033[K")

    def test_altered(self, exported: Path) -> None:
        exported.write_text(exported.read_text().replace("apps.start-2", "apps.stop-2"))
        code, said = verify(exported)
        assert (code, "Entry 2: was altered" in said) == (1, True)

    def test_removed(self, exported: Path) -> None:
        lines = exported.read_text().splitlines(keepends=True)
        exported.write_text("".join(lines[:1] + lines[2:]))
        code, said = verify(exported)
        assert (code, "Entry 2: entry 2 is missing" in said) == (1, True)

    def test_wrong_key(self, exported: Path) -> None:
        exported.with_name("audit.key").write_text("00" * 32)
        code, said = verify(exported, "--key", exported.with_name("audit.key"))
        assert (code, "its seal is wrong" in said) == (1, True)

    @pytest.mark.parametrize("content", ["no export", "{}"])
    def test_something_else(self, exported: Path, content: str) -> None:
        exported.write_text(content)
        code, said = verify(exported)
        assert (code, "is not an export" in said) == (1, True)
