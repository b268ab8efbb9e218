"""What an app is sure to import, read from its source."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from hothouse_sdk._imports import foreseen, modules_in


def modules(folder: Path, files: Mapping[str, str], entry: str = "main:app") -> list[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return [each.module for each in foreseen(entry, [folder])]


class TestForeseen:
    def test_in_the_order_of_the_source(self, tmp_path: Path) -> None:
        text = '"""Words."""\nfrom __future__ import annotations\nimport json, numpy.linalg\nfrom a.b import c as d\n'
        assert modules(tmp_path, {"main.py": text}) == ["__future__", "json", "numpy.linalg", "a.b"]

    def test_names_may_be_modules(self, tmp_path: Path) -> None:
        (tmp_path / "main.py").write_text("from hothouse_sdk import Experiment, Database\n")
        (found,) = foreseen("main:app", [tmp_path])
        assert (found.module, found.names) == ("hothouse_sdk", ("Experiment", "Database"))

    def test_own_modules_are_read_where_they_are_imported(self, tmp_path: Path) -> None:
        files = {"main.py": "import first\nimport own.inner\nimport last\n", "own/__init__.py": "import outer\n"}
        files["own/inner.py"] = "from .more import x\n"
        files["own/more.py"] = "import deep\ndef f(): import never\nclass C: pass\nNAME = f()\n"
        assert modules(tmp_path, files) == ["first", "outer", "deep", "last"]

    def test_cycle(self, tmp_path: Path) -> None:
        assert modules(tmp_path, {"main.py": "import other\n", "other.py": "import main\nimport json\n"}) == ["json"]

    @pytest.mark.parametrize(
        "statement",
        [
            "matplotlib.use('Agg')",
            "os.environ['BACKEND'] = 'torch'",
            "pandas.options.x = 1",
            "if os.name == 'nt':\n    pass",
            "try:\n    import a\nexcept ImportError:\n    a = None",
            "with x:\n    pass",
            "del x",
        ],
    )
    def test_ends_where_the_app_may_decide_itself(self, tmp_path: Path, statement: str) -> None:
        text = f"import first\n{statement}\nimport keras\n"
        assert modules(tmp_path, {"main.py": text}) == ["first"]
        files = {"main.py": "import own\nimport keras\n", "own.py": text}
        assert modules(tmp_path, files) == ["first"]

    def test_what_only_checkers_see(self, tmp_path: Path) -> None:
        text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import heavy\nimport json\n"
        assert modules(tmp_path, {"main.py": text}) == ["typing", "json"]

    @pytest.mark.parametrize("text", ["import first\nthis is no Python", "\0", "from x import *\nimport y"])
    def test_what_cannot_be_read(self, tmp_path: Path, text: str) -> None:
        assert modules(tmp_path, {"main.py": text}) == []

    def test_no_such_module(self, tmp_path: Path) -> None:
        assert modules(tmp_path, {}) == ["main"]


def test_modules_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "data").mkdir()
    for name in ("main.py", "fast.cpython-313-x86_64-linux-gnu.so", "notes.txt"):
        (tmp_path / name).touch()
    assert modules_in(tmp_path) == {"package", "main", "fast"}
    assert modules_in(tmp_path / "absent") == set()
