"""Everything that runs: listing it, and what admins do with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hothouse.apps.schemas import Person
from hothouse.apps.service import AppControl, AppsContext
from hothouse.database.connection import Document
from hothouse.environments.running.errors import NothingToExtend
from hothouse.environments.running.repository import NoticesRepository
from hothouse.environments.running.schemas import Notice, Promise, RunningWorkload
from hothouse.environments.service import Control, EnvironmentsContext
from hothouse.identity.principal import Principal
from hothouse.kit.ids import new_id
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail
from hothouse.workloads.interfaces import is_spare, owner_of
from hothouse.workloads.schemas import UsageNow


@dataclass(frozen=True, slots=True)
class Found:
    """A workload, and the app or environment that it runs for."""

    workload: Document
    kind: str
    of: Document
    usage: UsageNow | None

    @property
    def owner_id(self) -> str | None:
        owner_id: str | None = self.of.get("owner_id")
        return owner_id

    @property
    def what(self) -> str:
        """Under what it counts: an app, or the template of an environment."""
        return f"app:{self.of['_id']}" if self.kind == "app" else f"template:{self.of['template_id']}"

    @property
    def what_name(self) -> str:
        return str(self.of["name"] if self.kind == "app" else self.of["template_name"])


class Running:
    """All live workloads."""

    def __init__(self, apps: AppsContext, environments: EnvironmentsContext, notices: NoticesRepository) -> None:
        self._apps = apps
        self._environments = environments
        self._notices = notices
        self._url: Callable[[str], str] = apps.settings.app_url

    async def found(self) -> list[Found]:
        """Return every live workload of something that is there."""
        live = await self._apps.workloads.live()
        ids = [owner_of(one["owner"])[1] for one in live]
        things = {one["_id"]: one for one in await self._environments.environments.get_many(ids)}
        things |= {one["_id"]: one for one in await self._apps.apps.all()}
        usage = self._apps.usage
        return [
            Found(one, owner_of(one["owner"])[0], things[identity], usage.get(one["_id"]))
            for one, identity in zip(live, ids, strict=True)
            if identity in things
        ]

    async def all(self) -> list[RunningWorkload]:
        """Return everything that runs, the newest first."""
        found = sorted(await self.found(), key=lambda one: one.workload["created_at"], reverse=True)
        people = await self._apps.accounts.get_many({one.owner_id for one in found if one.owner_id})
        shown = []
        for one in found:
            owner, of, workload = people.get(one.owner_id or ""), one.of, one.workload
            shown.append(
                RunningWorkload(
                    id=workload["_id"],
                    kind="app" if one.kind == "app" else "environment",
                    slug=of["slug"],
                    name=of["name"],
                    template=None if one.kind == "app" else of["template_name"],
                    owner=Person(id=owner.id, name=owner.name, email=owner.email) if owner else None,
                    state="sleeping" if of.get("is_asleep") and not is_spare(workload) else workload["state"],
                    promised=Promise(**workload.get("promised") or {}),
                    usage=one.usage,
                    started_at=workload["started_at"],
                    last_activity_at=of.get("last_activity_at"),
                    url=self._url(of["slug"]),
                )
            )
        return shown

    async def _one(self, workload_id: str) -> Found:
        """Raises: `NotFound`."""
        for one in await self.found():
            if one.workload["_id"] == workload_id:
                current_trail().concerns(one.kind, one.of["_id"], one.of["slug"])
                return one
        raise NotFound("Nothing of this id runs any more. Load the list again.")

    async def stop(self, workload_id: str) -> None:
        """Stop what a workload runs for. Raises: `NotFound`."""
        one = await self._one(workload_id)
        if one.kind == "app":
            await AppControl(self._apps).stop(one.of)
        else:
            await Control(self._environments).stop(one.of)

    async def extend(self, workload_id: str, hours: float) -> None:
        """Keep an environment from being put to sleep or stopped for a while. Raises: `NotFound`, `NothingToExtend`."""
        one = await self._one(workload_id)
        if one.kind == "app":
            raise NothingToExtend(one.of["name"])
        until = self._apps.clock.now() + timedelta(hours=hours)
        await self._environments.environments.update(one.of["_id"], {"kept_until": until})
        current_trail().change(after={"kept_until": until.isoformat()})

    async def message(self, principal: Principal, workload_id: str, text: str) -> None:
        """Tell the owner of what runs something. Raises: `NotFound`, also where nobody owns it."""
        one = await self._one(workload_id)
        if one.owner_id is None:
            raise NotFound("Nobody owns this, so nobody can be told.")
        notice = {"_id": new_id(), "user_id": one.owner_id, "text": text, "at": self._apps.clock.now()}
        sender = principal.user.name if principal.user else ""
        await self._notices.add({**notice, "sender": sender, "about": one.of["name"]})
        current_trail().change(after={"message": text})

    async def notices(self, user_id: str) -> list[Notice]:
        """Return what somebody is told and has not read yet."""
        return [
            Notice(id=one["_id"], **{key: one[key] for key in ("text", "sender", "about", "at")})
            for one in await self._notices.of(user_id)
        ]

    async def read(self, user_id: str, notice_id: str) -> None:
        """Take note that somebody has read something. Raises: `NotFound`."""
        if not await self._notices.remove(user_id, notice_id):
            raise NotFound("There is no such notice, or it is not yours.")
