"""What in a source could be the app, by the frameworks its files use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hothouse.apps.manifests.scan import ModuleFacts

_ASGI = {
    "fastapi.FastAPI": "FastAPI",
    "starlette.applications.Starlette": "Starlette",
    "quart.Quart": "Quart",
    "litestar.Litestar": "Litestar",
    "falcon.asgi.App": "Falcon",
    "blacksheep.Application": "BlackSheep",
    "django.core.asgi.get_asgi_application": "Django",
    "socketio.ASGIApp": "Socket.IO",
    "gradio.mount_gradio_app": "FastAPI with Gradio",
}
_WSGI = {
    "flask.Flask": "Flask",
    "bottle.Bottle": "Bottle",
    "bottle.default_app": "Bottle",
    "falcon.App": "Falcon",
    "falcon.API": "Falcon",
    "django.core.wsgi.get_wsgi_application": "Django",
}
_GRADIO = {f"gradio.{name}" for name in ("Blocks", "Interface", "ChatInterface", "TabbedInterface")}
_EXPERIMENT = {"hothouse_sdk.Experiment", "hothouse_sdk.experiment.Experiment"}
_MAIN_FILES = (
    "streamlit_app", "gradio_app", "app", "main", "server", "asgi", "wsgi", "Home", "home", "Hello", "index", "api",
    "dashboard", "application", "__init__",
)  # fmt: skip
_MAIN_NAMES = ("app", "application", "api", "asgi_app", "server", "demo", "create_app", "make_app", "get_app")
_KIND_ORDER = ("experiment", "streamlit", "marimo", "gradio", "dash", "panel", "asgi", "wsgi")
_SIDE_FOLDERS = frozenset({"test", "tests", "pages", "examples", "example", "docs", "scripts", "migrations"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to start the source. Of several the one that sorts first by `rank` is taken."""

    kind: str
    entry: str
    path: str
    why: str
    rank: tuple[int, ...]


def candidates(modules: Iterable[ModuleFacts]) -> list[Candidate]:
    """List every way to start these files, best first."""
    found = [candidate for facts in modules for candidate in _of_module(facts)]
    return sorted(found, key=lambda candidate: (candidate.rank, candidate.path, candidate.entry))


def _of_module(facts: ModuleFacts) -> Iterator[Candidate]:
    made = facts.bindings
    yield from _objects(facts, "experiment", dict.fromkeys(_EXPERIMENT, "the SDK"))
    if "streamlit" in facts.top_imports and any(call.startswith("streamlit.") for call in facts.calls):
        yield _file(facts, "streamlit", "calls Streamlit")
    if "marimo.App" in made.values():
        yield _file(facts, "marimo", "is a marimo notebook")
    if _is_gradio(facts):
        yield _file(facts, "gradio", "builds a Gradio interface")
    dash = next((name for name, call in made.items() if call in ("dash.Dash", "dash.dash.Dash")), None)
    if dash:
        server = next((name for name, value in made.items() if value == f"{dash}.server"), None)
        entry = f"{module_of(facts.path)}:{server}" if server else facts.path
        yield _candidate(facts, "dash", entry, "makes a Dash app")
    if "panel" in facts.top_imports and any(call.endswith((".servable", "panel.serve")) for call in facts.calls):
        yield _file(facts, "panel", "serves Panel objects")
    yield from _objects(facts, "asgi", _ASGI)
    if not dash:
        yield from _objects(facts, "wsgi", _WSGI)


def _is_gradio(facts: ModuleFacts) -> bool:
    if "gradio" not in facts.top_imports or "gradio.mount_gradio_app" in facts.calls:
        return False
    return bool(_GRADIO & (facts.calls | set(facts.bindings.values())))


def _objects(facts: ModuleFacts, kind: str, makers: dict[str, str]) -> Iterator[Candidate]:
    for name, call in facts.bindings.items():
        if call in makers:
            why = f'binds "{name}" to {makers[call]}'
            yield _candidate(facts, kind, f"{module_of(facts.path)}:{name}", why, _position(name, _MAIN_NAMES))
    for name, call in facts.factories.items() if kind != "experiment" else ():
        if call in makers:
            why = f'makes {makers[call]} in "{name}()"'
            place = len(_MAIN_NAMES) + _position(name, _MAIN_NAMES)
            yield _candidate(facts, kind, f"{module_of(facts.path)}:{name}()", why, place)


def _file(facts: ModuleFacts, kind: str, why: str) -> Candidate:
    return _candidate(facts, kind, facts.path, why)


def _candidate(facts: ModuleFacts, kind: str, entry: str, why: str, place: int = 0) -> Candidate:
    folders = facts.path.split("/")[:-1]
    stem = facts.path.rpartition("/")[2].removesuffix(".py")
    aside = not _SIDE_FOLDERS.isdisjoint(folders) or stem.startswith("test_") or stem == "conftest"
    depth = len([folder for folder in folders if folder != "src"])
    rank = (aside, depth, _position(stem, _MAIN_FILES), _KIND_ORDER.index(kind), place)
    return Candidate(kind, entry, facts.path, f'"{facts.path}" {why}', tuple(int(part) for part in rank))


def _position(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)


def module_of(path: str) -> str:
    """Write a path as the module it is, seen from the source folder or its `src`.

    >>> module_of("src/site/__init__.py"), module_of("main.py")
    ('site', 'main')
    """
    stem = path.removesuffix(".py").removeprefix("src/")
    return stem.removesuffix("/__init__").replace("/", ".")
