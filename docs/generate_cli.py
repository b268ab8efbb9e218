"""Write the reference of the command line from its command tree."""

from collections.abc import Iterator
from typing import Any

from markup import code, page, table
from typer.core import TyperGroup
from typer.main import get_command

from hothouse.cli import app

PAGE = "reference/cli.md"
INTRODUCTION = """\
Commands on apps talk to the platform that `HOTHOUSE_URL` names, by default `http://localhost:8000`, as the owner of the
API token in `HOTHOUSE_TOKEN`, or else of the one that `hothouse login` got and keeps; without `HOTHOUSE_URL` they go
where that one is from. See [Sign a machine in](../how-to/sign-a-machine-in.md)."""
EXIT_CODES = """\
## Exit codes

- `0`: it is done; with `--wait`, the release serves.
- `1`: it could not be done. One line on standard error says why; with `--json`, problem details.
- `2`: the command line itself is wrong.

With `--json`, standard output holds JSON and nothing else. Problem details on standard error are those of the API, see
[Errors](errors.md), or one of these:

- `/problems/deployment-failed`: the release was built or started in vain; `log_tail` has the last lines.
- `/problems/deployment-superseded`: somebody deployed meanwhile, and that deployment took its place.
- `/problems/manifest-invalid`: found before anything was deployed; `errors` lists each place.
- `/problems/cli`: nothing answered, or nobody could be asked; `detail` says what to do."""


def render() -> str:
    """Return the page: one section for each command, under the headings of `hothouse --help`."""
    root: Any = get_command(app)
    panels: dict[str, list[str]] = {}
    for path, command in commands(root, ("hothouse",)):
        panel = root.commands[path[1]].rich_help_panel or "Other"
        panels.setdefault(panel, []).append(_section(path, command))
    groups = ["\n\n".join([f"## {panel}", *sections]) for panel, sections in sorted(panels.items(), key=_is_other)]
    return page("generate_cli.py", "Command line", INTRODUCTION, *groups, EXIT_CODES)


def _is_other(panel: tuple[str, list[str]]) -> bool:
    return panel[0] == "Other"


def commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command that can be run, with the words that name it, in the order of `--help`."""
    is_group = isinstance(command, TyperGroup)
    if not is_group or command.invoke_without_command:
        yield path, command
    if is_group:
        for name in command.list_commands(command.context_class(command)):
            yield from commands(command.commands[name], (*path, name))


def _section(path: tuple[str, ...], command: Any) -> str:
    context = command.context_class(command, info_name=" ".join(path))
    own = [parameter for parameter in command.get_params(context) if parameter.name != "help"]
    arguments = [parameter for parameter in own if parameter.param_type_name == "argument"]
    options = [parameter for parameter in own if parameter.param_type_name == "option"]
    usage = " ".join([*path, *(_metavar(argument) for argument in arguments), *(["[OPTIONS]"] if options else [])])
    help_text = " ".join((command.help or "").split())
    if not help_text:
        raise LookupError(f"{' '.join(path)} has no help. Give its function a docstring.")
    rows = [(code(_metavar(each)), _help(each, path)) for each in arguments]
    rows += [(_names(each), _help(each, path)) for each in options]
    blocks = [f"### {code(' '.join(path))}", help_text, f"```text\n{usage}\n```"]
    return "\n\n".join([*blocks, *([table(("argument or option", "meaning"), rows)] if rows else [])])


def _metavar(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _names(option: Any) -> str:
    value = "" if option.is_flag else f" {option.metavar or _placeholder(option)}"
    names = [*sorted(option.opts, key=len, reverse=True), *option.secondary_opts]
    return ", ".join(code(f"{name}{value}") for name in names)


def _placeholder(option: Any) -> str:
    return "NUMBER" if isinstance(option.default, int) else option.opts[0].strip("-").upper()


def _help(parameter: Any, path: tuple[str, ...]) -> str:
    text = getattr(parameter, "help", None)
    if not text:
        raise LookupError(f"{parameter.name} of {' '.join(path)} has no help. Give its typer.Option or Argument one.")
    default = parameter.default
    if getattr(parameter, "secondary_opts", None):
        default = parameter.opts[0] if default else parameter.secondary_opts[0]
    is_telling = isinstance(default, int | str) and not isinstance(default, bool) and default != ""
    return f"{text} Default: {code(str(default))}." if is_telling else text
