"""Propose a manifest for a source that has none. Files are read, never executed."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from hothouse.apps.manifests.model import SCHEMA_VERSION
from hothouse.apps.manifests.proposing.candidates import Candidate, candidates
from hothouse.apps.manifests.proposing.installs import find_installs, notebook_facts
from hothouse.apps.manifests.proposing.naming import find_name
from hothouse.apps.manifests.proposing.procfile import web_command
from hothouse.apps.manifests.proposing.report import Proposal, Remark
from hothouse.apps.manifests.scan import ModuleFacts, scan
from hothouse.apps.manifests.sentences import Problem
from hothouse.apps.manifests.tree import SourceTree

_MAX_MODULES = 500
_SITE_FOLDERS = (".", "public", "dist", "build", "site", "_site", "www", "static", "html", "docs")
_SCRIPTS = ("app.py", "main.py", "server.py", "run.py")
_NO_APP = (
    "Nothing in this source looks like an app: no Streamlit, Gradio, Dash, Panel or marimo file, no ASGI or WSGI "
    "application, no notebook, no index.html and no Procfile. Write a manifest.json that names kind and entry."
)
_DATABASE_NAMES = frozenset({"MONGO_URI", "MONGODB_URI", "MONGO_URL", "MONGODB_URL", "MONGO_CONNECTION_STRING"})
_SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_PASS", "APIKEY")


def propose(tree: SourceTree) -> Proposal:
    """Make a manifest from what the source holds, with a report of what was guessed and why."""
    modules = read_modules(tree)
    start = _from_procfile(tree) or _from_code(tree, modules) or _from_files(tree)
    names, remarks = find_name(tree)
    if start is None:
        return Proposal(None, "proposed", (), (Problem("/kind", _NO_APP),))
    fields, path, reasons = start
    relevant = [*modules]
    if fields["kind"] == "voila" and (notebook := notebook_facts(path, tree.text(path))):
        relevant = [notebook]
    installs = find_installs(tree, _without_tests(relevant), path.rpartition("/")[0])
    needs = {} if fields["kind"] == "static" else installs.fields
    remarks += reasons + (list(installs.report) if needs else [])
    remarks += _environment(modules)
    manifest = {"schema_version": SCHEMA_VERSION, **names, **fields, **needs}
    return Proposal(manifest, "proposed", tuple(remarks))


def read_modules(tree: SourceTree) -> list[ModuleFacts]:
    """Read the facts of the source's Python files, those near the root first."""
    paths = sorted((path for path in tree.paths if path.endswith(".py")), key=lambda path: (path.count("/"), path))
    texts = ((path, tree.text(path)) for path in islice(paths, _MAX_MODULES))
    return [facts for path, text in texts if text is not None and (facts := scan(path, text))]


Start = tuple[dict[str, Any], str, list[Remark]]


def _from_procfile(tree: SourceTree) -> Start | None:
    found = web_command(tree.text("Procfile") or "")
    if found is None:
        return None
    path = found["entry"] if found["kind"] == "streamlit" else ""
    return found, path, [Remark("mapped", "/entry", 'Taken from the "web" line of the Procfile.')]


def _from_code(tree: SourceTree, modules: list[ModuleFacts]) -> Start | None:
    found = candidates(modules)
    if not found:
        return None
    best = found[0]
    remarks = [Remark("guess", "/kind", f"{best.why}, so this is kind {best.kind}.")]
    others = [other for other in found[1:] if other.path != best.path or other.kind != best.kind]
    if others:
        listed = ", ".join(f'"{other.entry}" ({other.kind})' for other in others[:5])
        remarks.append(Remark("guess", "/entry", f'"{best.entry}" was chosen; also possible: {listed}.'))
    fields, more = _start_of(best, tree, modules)
    return fields, best.path, remarks + more


def _start_of(best: Candidate, tree: SourceTree, modules: list[ModuleFacts]) -> tuple[dict[str, Any], list[Remark]]:
    """Kind and entry of a candidate; a web app that imports from its own subfolder is started in that folder."""
    folder = _import_folder(best, tree, modules) if best.kind in ("asgi", "wsgi") else ""
    if not folder:
        return {"kind": best.kind, "entry": best.entry}, []
    prefix = folder.removeprefix("src/").replace("/", ".") + "."
    target = best.entry.removeprefix(prefix)
    message = f'The code imports from "{folder}", so the server is started with that folder as its root.'
    remark = Remark("guess", "/entry", message)
    if best.kind == "wsgi":
        argv = ["gunicorn", "--chdir", folder, "--bind", "$HOST:$PORT", target]
        return {"kind": "command", "entry": argv, "packages": ["gunicorn"]}, [remark]
    factory = ["--factory"] if target.endswith("()") else []
    server = ["uvicorn", "--app-dir", folder, "--host", "$HOST", "--port", "$PORT", "--proxy-headers", *factory]
    return {"kind": "command", "entry": [*server, target.removesuffix("()")], "packages": ["uvicorn"]}, [remark]


def _import_folder(best: Candidate, tree: SourceTree, modules: list[ModuleFacts]) -> str:
    """Find the folder that absolute imports of the entry file start from, where it is not the source folder."""
    facts = next(module for module in modules if module.path == best.path)
    parts = best.path.split("/")[:-1]
    for count in range(len(parts), 0, -1):
        folder = "/".join(parts[:count])
        if folder != "src" and any(
            _lies_in(name, folder, tree) and not _lies_in(name, "", tree) for name in facts.top_imports
        ):
            return folder
    return ""


def _lies_in(name: str, folder: str, tree: SourceTree) -> bool:
    base = f"{folder}/{name}" if folder else name
    return tree.has(f"{base}.py") or base in tree.folders


def _from_files(tree: SourceTree) -> Start | None:
    for folder in _SITE_FOLDERS:
        index = "index.html" if folder == "." else f"{folder}/index.html"
        if tree.has(index):
            return _static(folder, index)
    notebooks = sorted((p for p in tree.paths if p.endswith(".ipynb")), key=lambda p: (p.count("/"), p))
    if notebooks:
        why = f'"{notebooks[0]}" is a notebook, so this is kind voila.'
        return {"kind": "voila", "entry": notebooks[0]}, notebooks[0], [Remark("guess", "/kind", why)]
    script = next((path for path in _SCRIPTS if tree.has(path)), None)
    if script is None:
        return None
    why = f'"{script}" is started as a program; it has to listen on the port in the variable PORT.'
    return {"kind": "command", "entry": ["python", script]}, script, [Remark("guess", "/entry", why)]


def _static(folder: str, index: str) -> Start:
    return (
        {"kind": "static", "entry": folder},
        index,
        [Remark("guess", "/kind", f'There is "{index}", so this is kind static.')],
    )


def _without_tests(modules: Iterable[ModuleFacts]) -> list[ModuleFacts]:
    return [
        facts
        for facts in modules
        if not any(
            part in ("tests", "test", "conftest.py", "setup.py") or part.startswith("test_")
            for part in facts.path.split("/")
        )
    ]


def _environment(modules: list[ModuleFacts]) -> list[Remark]:
    """Point out variables the code reads, which its author has to give values to."""
    wanted = sorted({name for facts in modules for name in facts.environment})
    remarks = [
        Remark(
            "guess", "/secrets", f'The code reads "{name}"; to give it a value, list it here and set it on the page.'
        )
        for name in wanted
        if name.upper().endswith(_SECRET_ENDINGS)
    ]
    database = [name for name in wanted if name in _DATABASE_NAMES]
    if database:
        message = f'The code reads "{database[0]}"; the app\'s own database is in the variable HOTHOUSE_DATABASE_URI.'
        remarks.append(Remark("guess", "/env", message))
    return remarks
