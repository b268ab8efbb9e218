"""What a Python file imports, calls and binds, read from its syntax tree. Code from strangers is never executed."""

import ast
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class ModuleFacts:
    """Facts about one file. Dotted names are resolved through its imports: `st.title` is `streamlit.title`."""

    path: str
    imports: set[str] = field(default_factory=set)
    """Absolute modules imported, dotted."""
    calls: set[str] = field(default_factory=set)
    """What is called anywhere in the file; a method of something unknown is `?.name`."""
    bindings: dict[str, str] = field(default_factory=dict)
    """Names of the module bound to a call (`app` → `fastapi.FastAPI`) or to an attribute (`app.server`)."""
    names: set[str] = field(default_factory=set)
    """Every name the module binds."""
    factories: dict[str, str] = field(default_factory=dict)
    """Functions that need no argument and return what a call makes: `create_app` → `flask.Flask`."""
    environment: set[str] = field(default_factory=set)
    """Environment variables the file reads."""
    is_open: bool = False
    """Names may come from elsewhere (star import, `__getattr__`, `globals()`), so a missing one proves nothing."""

    @property
    def top_imports(self) -> set[str]:
        """The first part of each import: what has to be installed or lie beside the file."""
        return {name.partition(".")[0] for name in self.imports}


def scan(path: str, text: str) -> ModuleFacts | None:
    """Read the facts of one file; None when it is no valid Python."""
    tree = _parse(text)
    if tree is None:
        return None
    facts = ModuleFacts(path)
    aliases = _read_imports(tree, facts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            facts.calls.add(_dotted(node.func, aliases))
            _read_environment(node, aliases, facts)
        elif isinstance(node, ast.Subscript) and _dotted(node.value, aliases) == "os.environ":
            _add_text(node.slice, facts.environment)
    for statement in _module_level(tree.body):
        _read_statement(statement, aliases, facts)
    facts.is_open = facts.is_open or "globals" in facts.calls or "__getattr__" in facts.names
    return facts


def _parse(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _read_imports(tree: ast.Module, facts: ModuleFacts) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                facts.imports.add(name.name)
                aliases[name.asname or name.name.partition(".")[0]] = (
                    name.name if name.asname else name.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if not node.level and module:
                facts.imports.add(module)
            for name in node.names:
                facts.is_open = facts.is_open or name.name == "*"
                aliases[name.asname or name.name] = f"{'.' * node.level}{module}.{name.name}"
    return aliases


def _dotted(node: ast.AST, aliases: dict[str, str]) -> str:
    """Write a name or attribute chain in full; `?` stands for anything that is neither."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(aliases.get(node.id, node.id) if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def _read_environment(call: ast.Call, aliases: dict[str, str], facts: ModuleFacts) -> None:
    if _dotted(call.func, aliases) in ("os.getenv", "os.environ.get") and call.args:
        _add_text(call.args[0], facts.environment)


def _add_text(node: ast.AST, target: set[str]) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        target.add(node.value)


def _module_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Walk the statements that run on import, into `if`, `try` and `with` but not into functions and classes."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from _module_level(getattr(statement, name, []))
        for handler in getattr(statement, "handlers", []):
            yield from _module_level(handler.body)


def _read_statement(statement: ast.stmt, aliases: dict[str, str], facts: ModuleFacts) -> None:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        facts.names.add(statement.name)
        if isinstance(statement, ast.FunctionDef):
            _read_factory(statement, aliases, facts)
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        facts.names.update(name.asname or name.name.partition(".")[0] for name in statement.names)
    else:
        facts.names.update(_stored(statement))
        _read_assignment(statement, aliases, facts.bindings)


def _stored(statement: ast.stmt) -> set[str]:
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _read_assignment(statement: ast.stmt, aliases: dict[str, str], bindings: dict[str, str]) -> None:
    if isinstance(statement, ast.With):
        pairs = [(item.optional_vars, item.context_expr) for item in statement.items]
    elif isinstance(statement, ast.Assign):
        pairs = [(target, statement.value) for target in statement.targets]
    elif isinstance(statement, ast.AnnAssign):
        pairs = [(statement.target, statement.value)] if statement.value else []
    else:
        return
    for target, value in pairs:
        if isinstance(target, ast.Name) and isinstance(value, ast.Call):
            bindings.setdefault(target.id, _dotted(value.func, aliases))
        elif isinstance(target, ast.Name) and isinstance(value, ast.Attribute):
            bindings.setdefault(target.id, _dotted(value, aliases))


def _read_factory(function: ast.FunctionDef, aliases: dict[str, str], facts: ModuleFacts) -> None:
    arguments = function.args
    optional = len(arguments.defaults)
    if len(arguments.posonlyargs) + len(arguments.args) > optional or None in arguments.kw_defaults:
        return
    made: dict[str, str] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.stmt):
            _read_assignment(node, aliases, made)
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
            facts.factories[function.name] = _dotted(node.value.func, aliases)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Name) and node.value.id in made:
            facts.factories[function.name] = made[node.value.id]
