"""An OpenFGA server for tests, over HTTP: it keeps models and tuples, and evaluates what it is asked.

Written from the public documentation of the API and of the modelling language. It is as strict as the real one about
what may be written, and can be told to be away, slow, or out of its mind.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

MOST_TUPLES = 100
MOST_CHECKS = 50
DEEPEST = 25
Node = dict[str, Any]


class Refused(Exception):
    """A request that the server answers with 400, or another status."""

    def __init__(self, message: str, code: str = "validation_error", status: int = 400) -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass
class Model:
    """One authorization model: relations and allowed users by type, conditions by name."""

    id: str
    source: Node

    def __post_init__(self) -> None:
        self.types = {one["type"]: one for one in self.source["type_definitions"]}
        self.conditions: dict[str, Node] = self.source.get("conditions") or {}
        for name, one in self.types.items():
            for relation, rewrite in (one.get("relations") or {}).items():
                self._check_rewrite(name, relation, rewrite)

    def _check_rewrite(self, name: str, relation: str, rewrite: Node) -> None:
        assert 0 < len(relation) <= 50
        allowed = self.allowed(name, relation)
        if (uses_this := any("this" in part for part in parts(rewrite))) != bool(allowed):
            raise Refused(f"{name}#{relation}: assignable is {uses_this}, but {len(allowed)} types are allowed")
        for part in parts(rewrite):
            if "computedUserset" in part:
                self.rewrite(name, part["computedUserset"]["relation"])
        for one in allowed:
            if one["type"] not in self.types:
                raise Refused(f"{name}#{relation} allows the unknown type {one['type']}")
            if "relation" in one:
                self.rewrite(one["type"], one["relation"])
            if one.get("condition", next(iter(self.conditions), "")) not in (*self.conditions, ""):
                raise Refused(f"unknown condition {one['condition']}")

    def rewrite(self, kind: str, relation: str) -> Node:
        try:
            found: Node = self.types[kind]["relations"][relation]
        except KeyError:
            raise Refused(f"relation '{kind}#{relation}' not found") from None
        return found

    def allowed(self, kind: str, relation: str) -> list[Node]:
        metadata = (self.types[kind].get("metadata") or {}).get("relations") or {}
        return (metadata.get(relation) or {}).get("directly_related_user_types") or []

    def check_tuple(self, key: Node) -> None:
        """Refuse a tuple that the model does not allow."""
        kind, _, identity = key["object"].partition(":")
        if not identity or kind not in self.types or identity == "*":
            raise Refused(f"invalid object {key['object']!r}")
        self.rewrite(kind, key["relation"])
        user, _, relation = key["user"].partition("#")
        user_kind, _, user_id = user.partition(":")
        condition = (key.get("condition") or {}).get("name")
        shape = {"type": user_kind}
        if relation:
            shape["relation"] = relation
        elif user_id == "*":
            shape["wildcard"] = {}
        if condition:
            shape["condition"] = condition
        if not user_id or shape not in self.allowed(kind, key["relation"]):
            raise Refused(f"type restriction: {shape} is not allowed for {kind}#{key['relation']}")


def parts(rewrite: Node) -> Iterator[Node]:
    """Yield a rewrite and all that it is made of."""
    yield rewrite
    for name in ("union", "intersection"):
        for child in (rewrite.get(name) or {}).get("child", ()):
            yield from parts(child)
    if "difference" in rewrite:
        yield from parts(rewrite["difference"]["base"])
        yield from parts(rewrite["difference"]["subtract"])


@dataclass
class Question:
    """Evaluates relations for one request, on the tuples of the store and those of the request."""

    model: Model
    tuples: dict[tuple[str, str], list[Node]]
    context: Node
    path: list[tuple[str, str]] = field(default_factory=list)
    knows_wildcards: bool = True

    def holds(self, user: str, relation: str, thing: str) -> bool:
        rewrite = self.model.rewrite(thing.partition(":")[0], relation)
        if user == f"{thing}#{relation}":
            return True
        if (thing, relation) in self.path:  # a circle adds nothing
            return False
        if len(self.path) >= DEEPEST:
            raise Refused("resolution is too complex", "authorization_model_resolution_too_complex")
        self.path.append((thing, relation))
        try:
            return self._evaluate(rewrite, user, relation, thing)
        finally:
            self.path.pop()

    def _evaluate(self, rewrite: Node, user: str, relation: str, thing: str) -> bool:
        if "this" in rewrite:
            return any(self._is_meant(user, key) for key in self.direct(relation, thing))
        if "computedUserset" in rewrite:
            return self.holds(user, rewrite["computedUserset"]["relation"], thing)
        if "union" in rewrite:
            return any(self._evaluate(one, user, relation, thing) for one in rewrite["union"]["child"])
        if "intersection" in rewrite:
            return all(self._evaluate(one, user, relation, thing) for one in rewrite["intersection"]["child"])
        if "difference" in rewrite:
            base, subtract = rewrite["difference"]["base"], rewrite["difference"]["subtract"]
            return self._evaluate(base, user, relation, thing) and not self._evaluate(subtract, user, relation, thing)
        if "tupleToUserset" in rewrite:
            through, wanted = rewrite["tupleToUserset"]["tupleset"], rewrite["tupleToUserset"]["computedUserset"]
            return any(
                self.holds(user, wanted["relation"], key["user"]) for key in self.direct(through["relation"], thing)
            )
        raise Refused(f"unknown rewrite {rewrite}")

    def direct(self, relation: str, thing: str) -> Iterator[Node]:
        """Yield the tuples of a relation that hold at this moment."""
        for key in self.tuples.get((relation, thing), ()):
            if self._is_fulfilled(key.get("condition")):
                yield key

    def _is_meant(self, user: str, key: Node) -> bool:
        given, _, relation = key["user"].partition("#")
        if relation:
            return user == key["user"] or self.holds(user, relation, given)
        is_for_all = self.knows_wildcards and given == f"{user.partition(':')[0]}:*" and "#" not in user
        return given == user or is_for_all

    def _is_fulfilled(self, condition: Node | None) -> bool:
        if not condition:
            return True
        known = self.model.conditions[condition["name"]]
        values = {**self.context, **(condition.get("context") or {})}
        if lacking := [name for name in known["parameters"] if name not in values]:
            raise Refused(f"failed to evaluate relationship condition: context is missing parameters {lacking}")
        left, operator, right = known["expression"].split()
        assert operator == "<", "no other expression is understood here"
        return _time(values[left]) < _time(values[right])


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (ValueError, AttributeError):
        raise Refused(f"failed to convert {text!r} to a timestamp") from None


class FakeOpenFga:
    """One store behind the API. `is_away` breaks every connection off, `failing` names paths that answer 500."""

    def __init__(self, store_id: str = "01HSTORE", token: str = "a token of the tests") -> None:
        self.store_id, self.token = store_id, token
        self.models: list[Model] = []
        self.tuples: dict[tuple[str, str, str], Node] = {}
        self.asked: list[tuple[str, Node]] = []
        self.is_away = False
        self.failing: set[str] = set()
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/stores/{store}", self._answer)
        app.router.add_route("*", "/stores/{store}/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        path = request.match_info.get("path", "")
        if self.is_away:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        body = await request.json() if request.can_read_body else {}
        self.asked.append((path, body))
        try:
            self._admit(request, path)
            return self._respond(request.method, path, body)
        except Refused as error:
            return web.json_response({"code": error.code, "message": str(error)}, status=error.status)

    def _admit(self, request: web.Request, path: str) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused("unauthenticated", "unauthenticated", 401)
        if request.match_info["store"] != self.store_id:
            raise Refused("Store ID not found", "store_id_not_found", 404)
        if path in self.failing:
            raise Refused("told to fail", "internal_error", 500)

    def _respond(self, method: str, path: str, body: Node) -> web.Response:
        if path == "streamed-list-objects":
            lines = [json.dumps({"result": {"object": one}}) for one in self._objects(body)]
            return web.Response(text="".join(f"{line}\n" for line in lines))
        handlers = {
            ("GET", ""): lambda: {"id": self.store_id, "name": "tests"},
            ("GET", "authorization-models"): lambda: {"authorization_models": self._newest()},
            ("POST", "authorization-models"): lambda: self._add_model(body),
            ("POST", "write"): lambda: self._write(body),
            ("POST", "read"): lambda: self._read(body),
            ("POST", "check"): lambda: {"allowed": self._check(body, self._model(body)), "resolution": ""},
            ("POST", "batch-check"): lambda: {"result": self._check_all(body)},
            ("POST", "list-objects"): lambda: {"objects": self._objects(body)[:1000]},
            ("POST", "list-users"): lambda: {"users": self._users(body)},
        }
        if (method, path) not in handlers:
            raise Refused("Not Found", "undefined_endpoint", 404)
        return web.json_response(handlers[method, path]())

    def _newest(self) -> list[Node]:
        return [{"id": self.models[-1].id, **self.models[-1].source}] if self.models else []

    def _model(self, body: Node) -> Model:
        wanted = body.get("authorization_model_id")
        found = [one for one in self.models if one.id == wanted] if wanted else self.models[-1:]
        if not found:
            raise Refused(f"Authorization Model '{wanted}' not found", "authorization_model_not_found")
        return found[0]

    def _add_model(self, body: Node) -> Node:
        if body.get("schema_version") != "1.1":
            raise Refused("invalid schema version")
        self.models.append(Model(f"01HMODEL{len(self.models):04}", body))
        return {"authorization_model_id": self.models[-1].id}

    def _write(self, body: Node) -> Node:
        model = self._model(body)
        writes, deletes = body.get("writes") or {}, body.get("deletes") or {}
        added, gone = writes.get("tuple_keys") or [], deletes.get("tuple_keys") or []
        keys = [(one["user"], one["relation"], one["object"]) for one in (*gone, *added)]
        if not keys or len(keys) > MOST_TUPLES:
            raise Refused(f"{len(keys)} tuples; from 1 to {MOST_TUPLES} are allowed", "exceeded_entity_limit")
        if len(set(keys)) != len(keys):
            raise Refused("duplicate tuple in one request", "cannot_allow_duplicate_tuples_in_one_request")
        for one in added:
            model.check_tuple(one)
            there = self.tuples.get((one["user"], one["relation"], one["object"]))
            if there and there.get("condition") != one.get("condition"):
                raise Refused("tuple exists with another condition", "Aborted", 409)
            if there and writes.get("on_duplicate") != "ignore":
                raise Refused("cannot write a tuple which already exists", "write_failed_due_to_invalid_input")
        if any(key not in self.tuples for key in keys[: len(gone)]) and deletes.get("on_missing") != "ignore":
            raise Refused("cannot delete a tuple which does not exist", "write_failed_due_to_invalid_input")
        for key in keys[: len(gone)]:
            self.tuples.pop(key, None)
        for key, one in zip(keys[len(gone) :], added, strict=True):
            self.tuples[key] = one
        return {}

    def _read(self, body: Node) -> Node:
        size = body.get("page_size", 50)
        if not 1 <= size <= 100:
            raise Refused("page_size must be from 1 to 100")
        start = int(body.get("continuation_token") or 0)
        found = list(self.tuples.values())
        page = [{"key": one, "timestamp": "2026-01-01T00:00:00Z"} for one in found[start : start + size]]
        return {"tuples": page, "continuation_token": str(start + size) if start + size < len(found) else ""}

    def _question(self, body: Node, model: Model) -> Question:
        contextual = (body.get("contextual_tuples") or {}).get("tuple_keys") or []
        for one in contextual:
            model.check_tuple(one)
        by_relation: dict[tuple[str, str], list[Node]] = {}
        for one in (*self.tuples.values(), *contextual):
            by_relation.setdefault((one["relation"], one["object"]), []).append(one)
        return Question(model, by_relation, body.get("context") or {})

    def _check(self, body: Node, model: Model) -> bool:
        key = body["tuple_key"]
        if key["user"].partition(":")[0] not in model.types:
            raise Refused(f"type of {key['user']} not found")
        return self._question(body, model).holds(key["user"], key["relation"], key["object"])

    def _check_all(self, body: Node) -> Node:
        checks, model = body["checks"], self._model(body)
        if not 1 <= len(checks) <= MOST_CHECKS or len({one["correlation_id"] for one in checks}) != len(checks):
            raise Refused("from 1 to 50 checks, each with an id of its own")
        result: Node = {}
        for one in checks:
            try:
                result[one["correlation_id"]] = {"allowed": self._check(one, model)}
            except Refused as error:
                result[one["correlation_id"]] = {"error": {"input_error": error.code, "message": str(error)}}
        return result

    def _objects(self, body: Node) -> list[str]:
        model = self._model(body)
        model.rewrite(body["type"], body["relation"])
        question = self._question(body, model)
        things = {thing for _, thing in question.tuples if thing.partition(":")[0] == body["type"]}
        return [one for one in sorted(things) if question.holds(body["user"], body["relation"], one)]

    def _users(self, body: Node) -> list[Node]:
        (wanted,) = body["user_filters"]
        model = self._model(body)
        question = self._question(body, model)
        thing = f"{body['object']['type']}:{body['object']['id']}"
        prefix = f"{wanted['type']}:"
        named = {key["user"].partition("#")[0] for keys in question.tuples.values() for key in keys}
        users = [one for one in sorted(named) if one.startswith(prefix) and one != f"{prefix}*"]
        is_for_all = question.holds(f"{prefix}\0nobody in particular", body["relation"], thing)
        found: list[Node] = [{"wildcard": {"type": wanted["type"]}}] if is_for_all else []
        question.knows_wildcards = False
        return found + [
            {"object": {"type": wanted["type"], "id": one.removeprefix(prefix)}}
            for one in users
            if question.holds(one, body["relation"], thing)
        ]
