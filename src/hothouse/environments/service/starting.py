"""Starting environments: from a template, or just like another."""

import re
from collections.abc import Callable
from typing import Any

from hothouse.access.interfaces import Action
from hothouse.database.connection import Document
from hothouse.environments.builds import build_of
from hothouse.environments.errors import NameTaken, SpecRefused
from hothouse.environments.schemas import NewEnvironment, Spec
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.templates.schemas import TemplateFields
from hothouse.environments.templates.sharing import resource_of as template_resource
from hothouse.environments.tiers.errors import LimitReached
from hothouse.identity.principal import Principal
from hothouse.kit.ids import new_id
from hothouse.kit.problems import FieldProblem, NotFound
from hothouse.kit.slugs import ENVIRONMENT_ENDING, ENVIRONMENT_ID
from hothouse.kit.trail import current_trail
from hothouse.launch import levels
from hothouse.quotas.errors import QuotaReached

CALM: dict[str, Any] = {"reason": None, "log_tail": []}
WAITING: dict[str, Any] = {"reason": "waiting for its turn to start", "log_tail": [], "step": "queued"}


class Starter:
    """Records environments that are to run; the reconciler sees to it."""

    def __init__(self, context: EnvironmentsContext) -> None:
        self._context = context

    async def start(self, principal: Principal, new: NewEnvironment) -> tuple[Document, bool]:
        """Start what is asked for, and return it with whether it is new: the same again is the one that there is.

        Raises: `NotFound` for a template that is missing or not shared; `SpecRefused`; `NameTaken` by another one.
        """
        template = await self._template(principal, new.template)
        fields = TemplateFields.model_validate(template["fields"])
        spec = _spec(new, template, fields)
        _check(new, spec, fields, self._context)
        owner_id = principal.user_id or ""
        await self._context.limits.check_size(owner_id, spec.size)
        name = new.name or fields.name
        if there := await self._context.environments.named(owner_id, name):
            return await self._again(there, new, spec), False
        await self._try_build_again(owner_id, spec)
        try:
            is_workspace_new = new.new_workspace is not None
            async with self._context.limits.one_more(owner_id, spec.size, is_workspace_new=is_workspace_new):
                document = await self._document(owner_id, name, new, template, spec)
                await self._context.environments.add(document)
        except (NameTaken, LimitReached, QuotaReached):  # at this very moment, perhaps by the same person's other click
            there = await self._context.environments.named(owner_id, name)
            if there is None:
                raise
            return await self._again(there, new, spec), False
        current_trail().concerns("environment", document["_id"], document["slug"])
        current_trail().change(after={"name": name, "template": template["slug"], "size": spec.size.model_dump()})
        return document, True

    async def _try_build_again(self, owner_id: str, spec: Spec) -> None:
        """Give a build that failed another chance: what was wrong, of the network perhaps, may be long over."""
        await self._context.builds.retry(build_of(owner_id, spec))

    async def _template(self, principal: Principal, slug: str) -> Document:
        template = await self._context.templates.by_slug(slug)
        resource = template_resource(template) if template else None
        decision = await self._context.authorizer.check(principal, Action.TEMPLATE_USE, resource)
        if template is None or not decision.is_allowed or template["fields"]["is_retired"]:
            raise NotFound(f'There is no template "{slug}", or you may not start from it.')
        return template

    async def _again(self, there: Document, new: NewEnvironment, spec: Spec) -> Document:
        """Return the environment of that name, running, if it is what was asked for."""
        is_same = _comparable(Spec.model_validate(there["spec"])) == _comparable(spec)
        is_there = new.workspace_id in (None, there["workspace_id"]) and new.new_workspace is None
        if not is_same or not is_there or new.secret_files or there["desired"] == "deleted":
            raise NameTaken(there["name"])
        if there["desired"] == "running":
            return there
        await self._try_build_again(there["owner_id"], Spec.model_validate(there["spec"]))
        fields = {
            "desired": "running",
            "wanted_at": self._context.clock.now(),
            "state": "pending",
            "workload_id": None,
            **WAITING,
        }
        async with self._context.limits.one_more(there["owner_id"], spec.size):
            await self._context.environments.update(there["_id"], fields, desired=there["desired"])
        return {**there, **fields}

    async def _document(
        self, owner_id: str, name: str, new: NewEnvironment, template: Document, spec: Spec
    ) -> Document:
        now, identity = self._context.clock.now(), f"{ENVIRONMENT_ID}{new_id()}"
        workspace = await self._workspace(owner_id, new)
        sealed = {
            path: self._context.secrets.seal(content, place_of(identity, path))
            for path, content in new.secret_files.items()
        }
        return {
            "_id": identity,
            "slug": _slug(name),
            "name": name,
            "icon": template["fields"]["icon"],
            "owner_id": owner_id,
            "template_id": template["_id"],
            "template_name": template["name"],
            "workspace_id": workspace["_id"],
            "spec": spec.model_dump(mode="json"),
            "secret_files": sealed,
            "version": 1,
            "desired": "running",
            "is_asleep": False,
            "state": "pending",
            **WAITING,
            "environment": None,
            "workload_id": None,
            "wanted_at": now,
            "started_at": None,
            "last_activity_at": None,
            "open_connections": 0,
            "connections_seen_at": None,
            "created_at": now,
        }

    async def _workspace(self, owner_id: str, new: NewEnvironment) -> Document:
        if new.new_workspace is not None:
            return await self._context.workspaces.new(owner_id, new.new_workspace)
        if new.workspace_id is not None:
            return await self._context.workspaces.owned(owner_id, new.workspace_id)
        return await self._context.workspaces.default(owner_id)


def place_of(environment_id: str, path: str) -> str:
    """Return the place for which a secret file of an environment is sealed."""
    return f"environment/{environment_id}/{path}"


def _spec(new: NewEnvironment, template: Document, fields: TemplateFields) -> Spec:
    """Return what is to be started: what another one was, or the template with what was asked for on top."""
    if new.spec is not None:
        changed: dict[str, Any] = {} if new.spec.node_packages == fields.node_packages else {"lock": None}
        return new.spec.model_copy(update={**_of_template(template, fields), **changed})
    return Spec(
        template=template["slug"],
        packages=fields.packages,
        node_packages=fields.node_packages,
        image=fields.image,
        port=fields.port if fields.image else None,
        extra_packages=new.extra_packages,
        command=fields.command,
        folder=fields.folder,
        env={**fields.env, **new.env},
        files=fields.files,
        git_url=new.git_url,
        health=fields.health,
        size=new.size or fields.size,
        outbound=fields.outbound,
        is_culled=fields.is_culled,
        activity=fields.activity,
        background_bytes=fields.background_bytes,
        terminal_path=fields.terminal_path,
    )


def _of_template(template: Document, fields: TemplateFields) -> dict[str, Any]:
    """Return what is never taken from another environment: what runs, and in which image."""
    return {
        "template": template["slug"],
        "command": fields.command,
        "node_packages": fields.node_packages,
        "image": fields.image,
        "port": fields.port,
        "terminal_path": fields.terminal_path,
        "background_bytes": fields.background_bytes,
    }


def _check(new: NewEnvironment, spec: Spec, fields: TemplateFields, context: EnvironmentsContext) -> None:
    """See that an environment can be carried out. Raises: `SpecRefused` with every problem."""
    problems = []
    for name, unit in (("cpu", "cores"), ("memory_bytes", "bytes"), ("gpus", "GPUs")):
        asked, most = getattr(spec.size, name), getattr(fields.maximum, name)
        if asked > most:
            message = f"{fields.name} may have at most {most:g} {unit}, and {asked:g} were asked for."
            problems.append(FieldProblem(pointer=f"/size/{name}", message=message))
    if new.workspace_id is not None and new.new_workspace is not None:
        problems.append(FieldProblem(pointer="/new_workspace", message="Give a workspace, or the name of a new one."))
    if spec.git_url and (problem := _git_problem(spec.git_url)):
        problems.append(FieldProblem(pointer="/git_url", message=problem))
    problems += _path_problems(new.secret_files)
    if fields.kind == "image":
        problems += _image_problems(spec, context.why_no_images)
    problems += _level_problems(spec, context)
    if problems:
        raise SpecRefused(problems)


def _level_problems(spec: Spec, context: EnvironmentsContext) -> list[FieldProblem]:
    """Find that this machine contains environments less well than is asked for."""
    reached = levels.OF_IMAGES if spec.image else context.isolation.level
    if levels.is_at_least(reached, context.minimum.level):
        return []
    what = "environments in images run" if spec.image else "environments run"
    message = (
        f"Environments may run at isolation level {context.minimum.level} or better, "
        f"and on this machine {what} at {reached}. Ask an admin."
    )
    return [FieldProblem(pointer="/template", message=message)]


def _image_problems(spec: Spec, why_none: Callable[[], str | None]) -> list[FieldProblem]:
    """Find what keeps an environment from running in an image."""
    problems = []
    if (why := why_none()) is not None:
        message = f"It runs in an image, and this machine runs none: podman is {why}. Ask an admin."
        problems.append(FieldProblem(pointer="/template", message=message))
    if spec.extra_packages:
        message = "Packages cannot be added to an image; install them from a terminal, or have an image built."
        problems.append(FieldProblem(pointer="/extra_packages", message=message))
    return problems


def _path_problems(paths: dict[str, str]) -> list[FieldProblem]:
    """Find paths that get in each other's way."""
    found = []
    for path in paths:
        pointer = f"/secret_files/{path.replace('~', '~0').replace('/', '~1')}"
        if not path or path.endswith("/"):
            found.append(FieldProblem(pointer=pointer, message="A file needs a name."))
        if any(other != path and other.startswith(f"{path}/") for other in paths):
            found.append(FieldProblem(pointer=pointer, message=f"{path} cannot be a file and a folder."))
    return found


def _git_problem(url: str) -> str | None:
    if re.match(r"https?://[^/@]*:[^/@]*@", url):
        return "A password in the address would be seen by everybody; use a secret file or a token in your workspace."
    return None


def _comparable(spec: Spec) -> Spec:
    """Return a spec without what it came to be: a lock is found by the first build."""
    return spec.model_copy(update={"lock": None})


def _slug(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "environment"
    return f"{words}-{new_id(5)}{ENVIRONMENT_ENDING}"
