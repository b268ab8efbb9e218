"""Finding the app of an entry, and saying why it is not there."""

from pathlib import Path

import pytest

from hothouse_sdk.entries import EntryNotFound, load


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_attribute_of_attribute(folder: Path) -> None:
    (folder / "entry_nested.py").write_text("class site:\n    app = 'found'\n")
    assert load("entry_nested:site.app") == "found"


@pytest.mark.parametrize("entry", ["main", ":app", "main:", ""])
def test_malformed(entry: str) -> None:
    with pytest.raises(EntryNotFound, match='must be "module:attribute"'):
        load(entry)


@pytest.mark.parametrize("entry", ["entry_absent:app", "entry_absent.sub:app"])
def test_no_module(folder: Path, entry: str) -> None:
    with pytest.raises(EntryNotFound, match="there is no module 'entry_absent'"):
        load(entry)


def test_no_attribute(folder: Path) -> None:
    (folder / "entry_empty.py").write_text("")
    with pytest.raises(EntryNotFound, match="module 'entry_empty' has no attribute 'app'"):
        load("entry_empty:app")


def test_missing_dependency_of_the_app_is_its_own_error(folder: Path) -> None:
    (folder / "entry_needy.py").write_text("import a_library_nobody_has\n")
    with pytest.raises(ModuleNotFoundError, match="a_library_nobody_has"):
        load("entry_needy:app")
