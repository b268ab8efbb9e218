"""Write the reference of the HTTP API from its OpenAPI document."""

from collections.abc import Iterator
from typing import Any

from markup import code, page

from hothouse.hub.app import create_app
from hothouse.settings import Settings

PAGE = "reference/api.md"
INTRODUCTION = """\
Everything the web UI and the command line do goes through this API. The complete description, with every field, is
OpenAPI 3.1 at `/api/openapi.json` of your own platform.

- **Who asks**: an API token as `Authorization: Bearer hh_…`, or the session cookie of a browser that signed in.
- **Errors** are problem details; see [Errors](errors.md). What the caller may not see answers 404, as if it were not
  there.
- **Lists** take `limit` and `cursor` and answer `{"items": […], "next_cursor": …}`; `next_cursor` is null on the last
  page.
- **Changes to settings** take `If-Match` with the `etag` they are based on; 412 when somebody else was quicker.
- **Long work** answers 202 at once with a deployment or app to look at again.
- **Streams** are server-sent events; reconnect with `Last-Event-ID` to miss nothing.
- **Action** is the permission each operation asks for. `public` asks for none, `signed-in` for an account."""
TAGS = {
    "apps": "Apps",
    "data": "Data",
    "environments": "Environments",
    "workspaces": "Workspaces",
    "running": "Everything that runs",
    "quotas": "Quotas",
    "audit": "Who did what",
    "identity": "Accounts and sign-in",
    "access": "Groups, roles and sharing",
    "secrets": "Keys of secrets",
    "platform": "The platform",
}


def render() -> str:
    """Return the page: one section for each operation, in groups."""
    document = create_app(Settings.model_construct()).openapi()
    found: dict[str, list[str]] = {tag: [] for tag in TAGS}
    for method, path, operation in _operations(document):
        found[operation["tags"][-1]].append(_section(method, path, operation))
    groups = ["\n\n".join([f"## {TAGS[tag]}", *sections]) for tag, sections in found.items() if sections]
    return page("generate_api.py", "HTTP API", INTRODUCTION, *groups)


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _section(method: str, path: str, operation: dict[str, Any]) -> str:
    facts = [code(f"{method} {path}"), f"action {code(operation['x-action'])}"]
    if body := _schema_name(operation.get("requestBody", {})):
        facts.append(f"takes {body}")
    facts.append(f"answers {_answer(operation['responses'])}")
    description = " ".join(operation["description"].split())
    inputs = "\n".join(_parameter(each) for each in operation.get("parameters", ()) if each["in"] != "path")
    blocks = [f"### {code(operation['operationId'])}", " · ".join(facts), description, inputs]
    return "\n\n".join(filter(None, blocks))


def _parameter(parameter: dict[str, Any]) -> str:
    text = parameter.get("description") or parameter["schema"].get("description") or ""
    where = " (header)" if parameter["in"] == "header" else ""
    return f"- {code(parameter['name'])}{where}{': ' if text else ''}{text}"


def _answer(responses: dict[str, Any]) -> str:
    status, response = next((status, each) for status, each in responses.items() if status < "4")
    return " ".join(filter(None, (status, _schema_name(response) or _media(response))))


def _schema_name(holder: dict[str, Any]) -> str:
    for media, content in holder.get("content", {}).items():
        schema = content.get("schema", {})
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        if media == "multipart/form-data":
            return "multipart form data"
        if name:
            item = name.removeprefix("Page_").removesuffix("_")
            return f"a page of {code(item)}" if item != name else code(name)
    return ""


def _media(response: dict[str, Any]) -> str:
    return " or ".join(code(media) for media in response.get("content", {}) if media != "application/json")
