import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MAKE_VENV = ROOT / "tools" / "make-venv"


def fake_python(folder: Path, name: str, script: str) -> None:
    """Put a program in the way that answers `-c CODE` as a Python would."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def make_venv(target: Path, path: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": path, **more}
    return subprocess.run(["/bin/sh", str(MAKE_VENV), str(target)], env=env, capture_output=True, text=True)


class TestMakeVenv:
    OLD = 'case "$2" in *sys.exit*) exit 1;; *platform*) echo "Python 3.9.2";; esac'

    def test_a_python_that_is_too_old(self, tmp_path):
        fake_python(tmp_path / "bin", "python3", self.OLD)
        ended = make_venv(tmp_path / "venv", str(tmp_path / "bin"))

        assert ended.returncode == 1
        assert ended.stderr == (
            "hothouse: Python 3.11 or newer is needed, and Python 3.9.2 was found. Install one, or name it: "
            "make PYTHON=/path/to/python3.12 …\n"
        )

    def test_a_newer_python_beside_an_old_one(self, tmp_path):
        fake_python(tmp_path / "bin", "python3", self.OLD)
        fake_python(tmp_path / "bin", "python3.12", f'exec {sys.executable} "$@"')
        ended = make_venv(tmp_path / "venv", f"{tmp_path / 'bin'}:/usr/bin:/bin")

        assert ended.returncode == 0, ended.stderr
        assert (tmp_path / "venv" / "bin" / "python").exists()

    def test_a_python_without_venv(self, tmp_path):
        fake_python(tmp_path / "bin", "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
        ended = make_venv(tmp_path / "venv", str(tmp_path / "bin"))

        assert ended.returncode == 1
        assert ended.stderr == (
            "hothouse: python3 cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv\n"
        )

    def test_an_environment_that_works_is_kept(self, tmp_path):
        (tmp_path / "venv" / "bin").mkdir(parents=True)
        (tmp_path / "venv" / "pyvenv.cfg").write_text("")
        (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
        ended = make_venv(tmp_path / "venv", "/nowhere")

        assert (ended.returncode, ended.stdout) == (0, "")


class TestMakefile:
    def test_help_is_the_default_and_names_every_target(self):
        text = (ROOT / "Makefile").read_text()
        shown = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, env=dict(os.environ)).stdout

        for target in re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE):
            assert f"make {target} " in shown

    @pytest.mark.parametrize("target", ["run", "test", "lint", "format", "bench", "web", "docs", "clean"])
    def test_has_the_usual_targets(self, target):
        assert f"\n.PHONY: {target}\n" in (ROOT / "Makefile").read_text()

    def test_uv_is_bootstrapped_in_the_locked_version(self):
        version = re.search(r"^uv==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)[0]

        assert (ROOT / "requirements-bootstrap.lock").read_text().startswith(version)

    @pytest.mark.parametrize("name", ["requirements-bootstrap.lock", "requirements.lock", "requirements-dev.lock"])
    def test_locks_have_hashes_and_name_no_host(self, name):
        text = (ROOT / name).read_text()

        assert "--hash=sha256:" in text
        assert "://" not in text
