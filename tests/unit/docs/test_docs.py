"""The documentation says what is so: its code runs, its commands exist, its links lead somewhere."""

import itertools
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from code_blocks import ROOT, Block, blocks_of, pages, prose_of
from pydantic import BaseModel
from tutorial import RELEASES, tutorial_files, write_tutorial
from typer.core import TyperGroup
from typer.main import get_command

from hothouse.apps.manifests import SourceTree, problems, read_source
from hothouse.cli import app
from hothouse.settings import Settings

PAGES = pages()
OUTSIDE_SITE = [page for page in PAGES if not page.is_relative_to(ROOT / "docs")]
UsageError: Any = typer.BadParameter.__base__
MENTION = "mentioned: "
NOT_SETTINGS = {
    "HOTHOUSE_URL",
    "HOTHOUSE_TOKEN",
    "HOTHOUSE_APP",
    "HOTHOUSE_DATABASE_URI",
    "HOTHOUSE_APP_TOKEN",
    "HOTHOUSE_APPS_URL",
    "HOTHOUSE_TEST_MONGODB_URI",
    "HOTHOUSE_TEST_OPENFGA_URL",
}
RUN_BLOCKS = """
import json, sys
namespace = {"__name__": "__main__", "__file__": sys.argv[1]}
for line, raises, text in json.load(sys.stdin):
    # Empty lines above make tracebacks show the line of the page.
    code = compile("\\n" * (line - 1) + text, sys.argv[1], "exec")
    try:
        exec(code, namespace)
    except Exception as error:
        if type(error).__name__ != raises:
            raise
    else:
        assert not raises, f"line {line} was to raise {raises}"
"""


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def with_blocks(*languages: str) -> list[Path]:
    return [page for page in PAGES if any(block.language in languages for block in blocks_of(page))]


class TestPython:
    @pytest.mark.parametrize("page", with_blocks("python"), ids=name_of)
    def test_runs_as_it_stands(self, page: Path, tmp_path: Path) -> None:
        blocks = [
            (block.line, block.options.get("raises"), block.text)
            for block in blocks_of(page)
            if block.language == "python"
        ]
        ran = subprocess.run(
            [sys.executable, "-c", RUN_BLOCKS, str(page)],
            input=json.dumps(blocks),
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOTHOUSE_DATABASE_URI": "mongodb://127.0.0.1:1/app"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ran.returncode == 0, ran.stderr


class TestJson:
    @pytest.mark.parametrize("page", with_blocks("json"), ids=name_of)
    def test_is_json_and_manifests_are_valid(self, page: Path) -> None:
        for block in blocks_of(page):
            if block.language == "json":
                data = json.loads(block.text)
                if "schema_version" in data:
                    assert problems(data) == [], str(block)

    def test_older_manifest_becomes_the_one_shown(self, tmp_path: Path) -> None:
        shown = {
            block.options["origin"]: block.text
            for block in blocks_of(ROOT / "docs" / "how-to" / "import-gnome-apps.md")
            if "origin" in block.options
        }
        (tmp_path / "manifest.json").write_text(shown["gnome"])
        (tmp_path / "__init__.py").write_text("from fastapi import APIRouter\nbp = APIRouter()\n")
        (tmp_path / "requirements.txt").write_text("")
        proposal = read_source(SourceTree(tmp_path))
        assert proposal.origin == "imported"
        assert proposal.manifest == json.loads(shown["imported"])


class TestTutorial:
    @pytest.mark.parametrize("release", range(1, RELEASES + 1))
    def test_source_can_be_deployed(self, release: int, tmp_path: Path) -> None:
        proposal = read_source(SourceTree(write_tutorial(tmp_path, release)))
        assert (proposal.origin, proposal.problems) == ("manifest", ())

    def test_each_release_differs(self) -> None:
        releases = [tutorial_files(release) for release in range(1, RELEASES + 1)]
        assert {"main.py", "requirements.txt", "manifest.json"} == set(releases[0])
        assert all(before != after for before, after in itertools.pairwise(releases))


def command_lines(page: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the words of each command line of a page, and where it is; code within sentences is only a mention."""
    for block in blocks_of(page):
        for line in _lines(block):
            for words in _split(line):
                yield f"{block}: {line}", words
    for code in re.findall(r"`([^`]+)`", prose_of(page)):
        line = " ".join(code.split())
        if re.match(r"(hothouse|make) (?!…)", line):
            for words in _split(line):
                yield f"{MENTION}{name_of(page)}: {line}", words


def _lines(block: Block) -> list[str]:
    text = block.text.replace("\\\n", " ")
    prefix = {
        "sh": r"",
        "text": r"\$ +",
        "yaml": r"\s*(?:- )?run: +",
        "ini": r"ExecStart=",
    }.get(block.language)
    return [] if prefix is None else re.findall(rf"^{prefix}(\S.*)$", text, re.MULTILINE)


def _split(line: str) -> list[list[str]]:
    """Split a shell line into simple commands, without variables set before them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set("();<>|&"):
            commands.append([])
        elif commands[-1] or not re.match(r"[A-Za-z_]+=", word):
            commands[-1].append(word)
    return [words for words in commands if words]


def parse(words: list[str]) -> None:
    """Have the command tree parse a line, without running it. Raises: UsageError."""
    command: Any = get_command(app)
    arguments = ["1" if word in ("RELEASE", "NUMBER") else word for word in words]
    parent = None
    while True:
        if isinstance(command, TyperGroup) and arguments[:1] and arguments[0] in command.commands:
            parent = command.context_class(command, parent=parent, info_name=command.name)
            command = command.commands[arguments.pop(0)]
            continue
        if isinstance(command, TyperGroup) and arguments[:1] and not arguments[0].startswith("-"):
            raise UsageError(f"There is no command {arguments[0]!r}.")
        command.make_context(command.name, arguments, parent=parent).close()
        return


def complaint(place: str, words: list[str]) -> str | None:
    """Return what is wrong with a command line; a mention may leave arguments out."""
    try:
        parse(words)
    except UsageError as error:
        is_name_only = place.startswith(MENTION) and "Missing" in type(error).__name__
        return None if is_name_only else str(error.format_message())
    return None


class TestCommandLines:
    @pytest.mark.parametrize("page", PAGES, ids=name_of)
    def test_hothouse_understands_them(self, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "credentials").touch()  # a file that is named must be there
        monkeypatch.chdir(tmp_path)
        ours = [
            (place, words[1:])
            for place, words in command_lines(page)
            if Path(words[0]).name == "hothouse" and len(words) > 1
        ]
        wrong = [f"{place}\n  {said}" for place, words in ours if (said := complaint(place, words))]
        assert wrong == []

    @pytest.mark.parametrize("page", PAGES, ids=name_of)
    def test_make_has_their_targets(self, page: Path) -> None:
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        for place, words in command_lines(page):
            if words[0] == "make":
                wanted = {word for word in words[1:] if "=" not in word and not word.startswith("-")}
                assert wanted <= targets, place

    @pytest.mark.parametrize(
        "line",
        ["deploy", "deploy . --wiat", "logs notebook --tail many", "tokens make x", "frobnicate", "up --examples"],
    )
    def test_a_wrong_one_is_noticed(self, line: str) -> None:
        with pytest.raises(UsageError):
            parse(line.split())

    def test_they_are_found(self) -> None:
        found = {" ".join(words[:2]) for page in PAGES for _, words in command_lines(page)}
        assert {"hothouse deploy", "hothouse rollback", "make run", "/opt/hothouse/.venv/bin/hothouse up"} <= found


class TestSettings:
    def test_variables_that_are_named_exist(self) -> None:
        known = NOT_SETTINGS | set(_variables(Settings))
        for page in PAGES:
            named = set(re.findall(r"HOTHOUSE(?:_[A-Z]+)+", page.read_text(encoding="utf-8")))
            assert named <= known, name_of(page)


def _variables(model: type[BaseModel], prefix: str = "HOTHOUSE_") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _variables(kind, f"{prefix}{name.upper()}_")
        else:
            yield prefix + name.upper()


class TestLinks:
    @pytest.mark.parametrize("page", OUTSIDE_SITE, ids=name_of)
    def test_lead_to_files(self, page: Path) -> None:
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#\s]+)[^)]*\)", prose_of(page)):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{name_of(page)} links to {target}"
