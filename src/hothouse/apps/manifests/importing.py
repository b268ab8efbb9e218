"""Import experiments of the older g.nome layout: manifest fields mapped one by one, and a report of it.

Such a folder holds `__init__.py` with `bp` (an `APIRouter`), often `actor.py` with `ExperimentActor`, `templates/` and
`static/`. It is started unchanged by `hothouse_sdk.legacy:app`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hothouse.apps.manifests.legacy_data import import_indexes
from hothouse.apps.manifests.model import SCHEMA_VERSION
from hothouse.apps.manifests.names import slug_problem, slugify
from hothouse.apps.manifests.proposing.naming import find_name
from hothouse.apps.manifests.proposing.report import Level, Proposal, Remark
from hothouse.apps.manifests.requirements import package_problem
from hothouse.apps.manifests.scan import ModuleFacts, scan
from hothouse.apps.manifests.tree import SourceTree

ENTRY = "hothouse_sdk.legacy:app"
_OWN_FIELDS = frozenset(
    {
        "status", "auth_required", "auth_policy", "data_scope", "managed_indexes", "collection_settings",
        "runtime_pip_deps", "runtime_s3_uri", "developer_id",
    }
)  # fmt: skip


def is_legacy(data: object, tree: SourceTree) -> bool:
    """Recognise the older layout: its manifest has no `schema_version` and no `kind`, and old fields or old files."""
    if isinstance(data, dict):
        return not {"schema_version", "kind"} & set(data) and (bool(_OWN_FIELDS & set(data)) or _has_files(tree))
    package = _package(tree)
    return data is None and package is not None and package.bindings.get("bp", "").endswith("APIRouter")


def _has_files(tree: SourceTree) -> bool:
    package = _package(tree)
    return package is not None and "bp" in package.names


def _package(tree: SourceTree) -> ModuleFacts | None:
    return scan("__init__.py", tree.text("__init__.py") or "")


def import_legacy(data: Mapping[str, Any] | None, tree: SourceTree) -> Proposal:
    """Make a v1 manifest of an older one, or of an older folder that has none."""
    return _Import(data or {}, tree).run()


class _Import:
    def __init__(self, data: Mapping[str, Any], tree: SourceTree) -> None:
        self._data = data
        self._tree = tree
        self._manifest: dict[str, Any] = {}
        self._report: list[Remark] = []

    def run(self) -> Proposal:
        self._name()
        self._start()
        steps: dict[str, Callable[[Any], None]] = {
            "status": self._status,
            "auth_required": self._auth_required,
            "auth_policy": self._auth_policy,
            "data_scope": self._data_scope,
            "managed_indexes": self._indexes,
            "collection_settings": self._collection_settings,
            "runtime_pip_deps": self._packages,
            "runtime_s3_uri": self._s3,
            "developer_id": self._developer,
        }
        for field, step in steps.items():
            if field in self._data:
                step(self._data[field])
        for field in sorted(set(self._data) - set(steps) - {"slug", "name", "description", "_id", "$schema"}):
            self._say("dropped", "", f'"{field}" has no counterpart.')
        return Proposal(self._manifest, "imported", tuple(self._report))

    def _say(self, level: Level, pointer: str, message: str) -> None:
        self._report.append(Remark(level, pointer, message))

    def _name(self) -> None:
        guessed, _ = find_name(self._tree)
        old = self._data.get("slug")
        text = old if isinstance(old, str) and slugify(old) else guessed["slug"]
        slug = text if slug_problem(text) is None else slugify(text)
        if slug == old:
            self._say("mapped", "/slug", f'The slug stays "{slug}".')
        else:
            self._say(
                "changed", "/slug", f'The slug is "{slug}" instead of "{old or ""}": it is part of an address now.'
            )
        name = self._data.get("name")
        title = name.strip()[:100] if isinstance(name, str) and name.strip() else slug.replace("-", " ").title()
        self._manifest |= {"schema_version": SCHEMA_VERSION, "slug": slug, "name": title}
        description = self._data.get("description")
        if isinstance(description, str) and description.strip():
            self._manifest["description"] = description.strip()[:2000]

    def _start(self) -> None:
        self._manifest |= {"kind": "experiment", "entry": ENTRY}
        self._say("mapped", "/entry", 'The router "bp", "actor.py", templates and static files are run as they are.')
        if not _has_files(self._tree):
            self._say("guess", "/entry", '"__init__.py" does not define "bp"; without it the app cannot start.')
        actor = scan("actor.py", self._tree.text("actor.py") or "")
        if actor and self._tree.has("actor.py") and "ExperimentActor" not in actor.names:
            self._say("guess", "/entry", '"actor.py" does not define "ExperimentActor", so it is not used.')
        if self._tree.has("requirements.txt"):
            self._manifest["requirements"] = "requirements.txt"
            self._say("mapped", "/requirements", "requirements.txt is installed.")

    def _status(self, value: Any) -> None:
        if value == "active":
            self._say("mapped", "", 'Status "active": the app runs once it is deployed.')
        else:
            self._say("changed", "", f'Status "{value}" is not kept; deploy the app to run it, stop it to rest it.')

    def _auth_required(self, value: Any) -> None:
        access = "signed-in" if value is True else "public"
        self._manifest["access"] = access
        meaning = "everyone who is signed in" if value is True else "everyone, without signing in"
        self._say("mapped", "/access", f"auth_required {str(value).lower()}: open to {meaning}.")

    def _auth_policy(self, policy: Any) -> None:
        policy = policy if isinstance(policy, dict) else {}
        users = [user for user in policy.get("allowed_users") or [] if isinstance(user, str) and "@" in user]
        if users:
            self._manifest |= {"access": "members", "members": sorted({user.strip().lower() for user in users})}
            self._say("mapped", "/members", "The allowed users of auth_policy became members.")
        elif policy.get("required") is True and policy.get("allow_anonymous") is not True:
            self._manifest["access"] = "signed-in"
            self._say("mapped", "/access", "auth_policy asks for a user: open to everyone who is signed in.")
        elif policy.get("allow_anonymous") is True:
            self._manifest.setdefault("access", "public")
            self._say("mapped", "/access", "auth_policy lets anonymous visitors in.")
        rest = sorted(set(policy) - {"required", "allow_anonymous", "allowed_users"})
        if rest:
            self._manifest["access"] = self._manifest["access"] if users else "private"
            message = f"Rules of auth_policy that were not carried over: {', '.join(rest)}. Check who may open the app."
            self._say("dropped", "/access", message)

    def _data_scope(self, scope: Any) -> None:
        names = scope if isinstance(scope, list) else [scope]
        others = [name for name in names if isinstance(name, str) and name not in ("self", self._data.get("slug"))]
        if "all" in others:
            others.remove("all")
            self._say("dropped", "/data/read_from", 'data_scope "all" does not exist any more; name the apps to read.')
        slugs = dict.fromkeys(slug for name in others if (slug := slugify(name)) and slug != self._manifest.get("slug"))
        wanted = [{"app": slug, "collections": ["*"]} for slug in slugs]
        if wanted:
            self._manifest.setdefault("data", {})["read_from"] = wanted
            listed = ", ".join(str(item["app"]) for item in wanted)
            self._say("mapped", "/data/read_from", f"Asks to read from {listed}; their owners have to agree.")
        else:
            self._say("mapped", "/data", "The app reads its own data only; it has a database of its own now.")

    def _indexes(self, indexes: Any) -> None:
        found, remarks = import_indexes(indexes)
        if found:
            self._manifest.setdefault("data", {})["indexes"] = found
        self._report.extend(remarks)

    def _collection_settings(self, settings: Any) -> None:
        for collection in sorted(settings) if isinstance(settings, dict) else []:
            message = f'Settings of collection "{collection}" were not carried over; create it so when the app starts.'
            self._say("dropped", "/data", message)

    def _packages(self, packages: Any) -> None:
        lines = [line.strip() for line in packages if isinstance(line, str)] if isinstance(packages, list) else []
        good = [line for line in lines if package_problem(line) is None]
        if good:
            self._manifest["packages"] = good
            self._say("mapped", "/packages", f"{len(good)} requirements of runtime_pip_deps are installed.")
        for line in sorted(set(lines) - set(good)):
            self._say("dropped", "/packages", f'"{line}" of runtime_pip_deps is no requirement.')

    def _s3(self, _value: Any) -> None:
        self._say("dropped", "", "runtime_s3_uri is not needed: releases are kept by the platform.")

    def _developer(self, value: Any) -> None:
        self._say("dropped", "", f'developer_id "{value}" is not kept: the app belongs to whoever deploys it.')
