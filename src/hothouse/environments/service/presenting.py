"""Environments as the API shows them."""

from typing import Any

from hothouse.access.interfaces import Action
from hothouse.apps.schemas import IsolationInfo, Person
from hothouse.database.connection import Document
from hothouse.environments.builds import build_of
from hothouse.environments.schemas import Environment, EnvironmentDetail, Progress, Spec
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.service.control import etag_of
from hothouse.environments.sharing import resource_of
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User

SHOWN = ("slug", "name", "icon", "template_name", "workspace_id", "state", "reason")
MOMENTS = ("started_at", "last_activity_at", "created_at")


class Presenter:
    """Shows environments to whoever may see them."""

    def __init__(self, context: EnvironmentsContext) -> None:
        self._context = context

    async def one(self, principal: Principal, document: Document) -> Environment:
        return (await self.many(principal, [document]))[0]

    async def many(self, principal: Principal, documents: list[Document]) -> list[Environment]:
        """Show a list, with one look at each of what it names."""
        people = await self._context.accounts.get_many({one["owner_id"] for one in documents})
        workspaces = await self._context.workspaces.get_many([one["workspace_id"] for one in documents])
        queue = await self._queue(documents)
        return [
            Environment(**await self._fields(principal, one, people, workspaces.get(one["workspace_id"]), queue))
            for one in documents
        ]

    async def _queue(self, documents: list[Document]) -> list[str]:
        """Return who waits for a turn to start, in order, if that is of any interest here."""
        is_waiting = any(one["desired"] == "running" and one.get("step") == "queued" for one in documents)
        return await self._context.environments.queue() if is_waiting else []

    async def _fields(
        self,
        principal: Principal,
        document: Document,
        people: dict[str, User],
        workspace: Document | None,
        queue: list[str],
    ) -> dict[str, Any]:
        spec, owner = Spec.model_validate(document["spec"]), people.get(document["owner_id"])
        actions = await self._context.authorizer.allowed_actions(principal, resource_of(document))
        return {
            **{key: document[key] for key in (*SHOWN, *MOMENTS)},
            "workspace_id": document["workspace_id"] or "",
            "workspace_name": workspace["name"] if workspace else "",
            "template": spec.template,
            "owner": Person(id=owner.id, name=owner.name, email=owner.email) if owner else None,
            "url": self._context.settings.app_url(document["slug"]),
            "size": spec.size,
            "progress": self._progress(document, spec, queue),
            "usage": self._context.usage.get(document["workload_id"]) if document["state"] == "running" else None,
            "actions": [action.value for action in actions],
        }

    def _progress(self, document: Document, spec: Spec, queue: list[str]) -> Progress | None:
        """Return how far a start is, or how far one came that failed, from what the reconciler noted."""
        is_starting = document["desired"] == "running" and document["state"] in ("pending", "starting")
        if not is_starting and document["state"] != "failed":
            return None
        step = document.get("step") or "queued"
        job = build_of(document["owner_id"], spec).job_id if step == "building" else None
        is_waiting = step == "queued" and document["_id"] in queue
        return Progress(step=step, position=queue.index(document["_id"]) + 1 if is_waiting else None, build_job=job)

    async def detail(self, principal: Principal, document: Document) -> EnvironmentDetail:
        people = await self._context.accounts.get_many({document["owner_id"]})
        workspaces = await self._context.workspaces.get_many([document["workspace_id"]])
        queue = await self._queue([document])
        workload = await self._context.workloads.get(document["workload_id"]) if document["workload_id"] else None
        owner = await self._context.owners.of(document["owner_id"])
        isolation = workload["isolation"] if workload else None
        may_edit = (
            await self._context.authorizer.check(principal, Action.ENVIRONMENT_EDIT, resource_of(document))
        ).is_allowed
        spec = Spec.model_validate(document["spec"])
        return EnvironmentDetail(
            **await self._fields(principal, document, people, workspaces.get(document["workspace_id"]), queue),
            spec=spec if may_edit else spec.model_copy(update={"env": dict.fromkeys(spec.env, "")}),
            secret_files=sorted(document["secret_files"]),
            isolation=IsolationInfo(**isolation) if isolation else None,
            log_tail=document["log_tail"],
            database=owner["database"],
            etag=etag_of(document),
        )
