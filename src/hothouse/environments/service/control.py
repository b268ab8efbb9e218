"""Start, stop, restart, change, delete: what is wanted of an environment, recorded."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from typing import Any

from hothouse.database.connection import Document
from hothouse.environments.builds import build_of
from hothouse.environments.errors import EnvironmentRemaining, SpecRefused
from hothouse.environments.schemas import EnvironmentChange, Spec
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.service.starting import CALM, WAITING
from hothouse.environments.templates.schemas import Size, TemplateFields
from hothouse.kit.amounts import bytes_in_words
from hothouse.kit.problems import FieldProblem, NotFound, PreconditionFailed
from hothouse.kit.trail import current_trail


class Control:
    """Records what is wanted of an environment; the reconciler sees to it."""

    def __init__(self, context: EnvironmentsContext) -> None:
        self._context = context

    async def start(self, environment: Document) -> Document:
        """Want it to run; what failed is tried again with the same settings."""
        if environment["desired"] == "running" and environment["state"] != "failed":
            return await self.wake(environment)
        spec = Spec.model_validate(environment["spec"])
        await self._context.builds.retry(build_of(environment["owner_id"], spec))
        now = self._context.clock.now()
        async with self._room(environment, spec):
            return await self._set(
                environment,
                desired="running",
                is_asleep=False,
                wanted_at=now,
                state="pending",
                workload_id=None,
                **WAITING,
            )

    async def stop(self, environment: Document) -> Document:
        """Want it to be stopped until somebody starts it; its workspace keeps its files."""
        return await self._set(environment, desired="stopped", is_asleep=False, stop_reason=None)

    async def restart(self, environment: Document) -> Document:
        """Have what runs stopped, and started again."""
        now, spec = self._context.clock.now(), Spec.model_validate(environment["spec"])
        async with self._room(environment, spec):
            fields = {"desired": "running", "is_asleep": False, "wanted_at": now, "workload_id": None, "step": None}
            return await self._set(environment, **fields, **CALM)

    def _room(self, environment: Document, spec: Spec) -> AbstractAsyncContextManager[None]:
        """See that its owner may have one more, unless it runs already."""
        if environment["desired"] == "running":
            return nullcontext()
        return self._context.limits.one_more(environment["owner_id"], spec.size)

    async def wake(self, environment: Document) -> Document:
        """Let one that is asleep go on; others are left as they are."""
        if not environment["is_asleep"]:
            return environment
        now = self._context.clock.now()
        woken, _ = await asyncio.gather(
            self._set(environment, is_asleep=False, last_activity_at=now, state="running", reason=None),
            self._context.waking.thaw(environment["workload_id"]),
        )
        return woken

    async def change(self, environment: Document, change: EnvironmentChange, if_match: str | None) -> Document:
        """Change settings; what runs gets them at its next start.

        Raises: `PreconditionFailed` when they were changed since they were read; `NameTaken`, `SpecRefused`,
        `QuotaReached`.
        """
        if if_match is not None and if_match != etag_of(environment):
            raise PreconditionFailed("Somebody changed these settings meanwhile. Load them again and repeat it.")
        before = spec = Spec.model_validate(environment["spec"])
        if change.size is not None:
            await self._check_size(environment, change.size)
            spec = spec.model_copy(update={"size": change.size})
        if change.is_culled is not None:
            spec = spec.model_copy(update={"is_culled": change.is_culled})
        fields = {"spec": spec.model_dump(mode="json"), "version": environment["version"] + 1}
        if change.name is not None:
            fields["name"] = change.name
        async with self._context.limits.growing(environment, before.size, spec.size):
            unmoved = {"version": environment["version"], "desired": {"$ne": "deleted"}}
            if not await self._context.environments.update(environment["_id"], fields, **unmoved):
                raise PreconditionFailed(
                    "Somebody changed these settings at the same moment. Load them again and repeat."
                )
        current_trail().change(after=change.model_dump(mode="json", exclude_none=True))
        return {**environment, **fields}

    async def _check_size(self, environment: Document, size: Size) -> None:
        found = await self._context.templates.get_many([environment["template_id"]])
        template = found.get(environment["template_id"])
        most = TemplateFields.model_validate(template["fields"]).maximum if template else size
        if any(getattr(size, key) > getattr(most, key) for key in Size.model_fields):
            memory = bytes_in_words(most.memory_bytes)
            message = f"At most {most.cpu:g} cores, {memory} of memory and {most.gpus} GPUs may be asked for."
            raise SpecRefused([FieldProblem(pointer="/size", message=message)])
        await self._context.limits.check_size(environment["owner_id"], size)

    async def delete(self, environment: Document, confirm: str) -> None:
        """Have it removed; its workspace stays. Raises: `EnvironmentRemaining` unless its slug is given."""
        if confirm != environment["slug"]:
            raise EnvironmentRemaining(environment["slug"])
        current_trail().change(before={"name": environment["name"]})
        await self._set(environment, desired="deleted")

    async def note_activity(self, environment_id: str, at: datetime | None, open_connections: int) -> None:
        """Record that somebody was there."""
        now = self._context.clock.now()
        await self._context.environments.note_activity(environment_id, at, open_connections, now)

    async def _set(self, environment: Document, **fields: Any) -> Document:
        if not await self._context.environments.update(environment["_id"], fields, desired={"$ne": "deleted"}):
            raise NotFound
        if "desired" in fields and fields["desired"] != environment["desired"]:
            current_trail().change(before={"desired": environment["desired"]}, after={"desired": fields["desired"]})
        return {**environment, **fields}


def etag_of(environment: Document) -> str:
    """Return the version of an environment's settings, for `If-Match`."""
    return f'"{environment["version"]}"'
