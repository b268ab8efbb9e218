"""What people are told of culling, and asking to be spared for a while."""

from datetime import timedelta

from hothouse.apps.schemas import Person
from hothouse.database.connection import Document
from hothouse.environments.culling.culler import facts_of, next_for
from hothouse.environments.culling.repository import CullsRepository
from hothouse.environments.culling.schemas import Activity, Cull, Culling, Previewed
from hothouse.environments.errors import EnvironmentBusy
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.identity.schemas import User
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.trail import current_trail


class CullingService:
    """Says what is culled, what would be, and keeps what is asked to be kept."""

    def __init__(self, context: EnvironmentsContext, culls: CullsRepository) -> None:
        self._context = context
        self._culls = culls

    async def activity(self, environment: Document) -> Activity:
        """Return how an environment is used, and what that leads to."""
        verdict, now = await next_for(self._context, environment), self._context.clock.now()
        is_there = environment["state"] in ("running", "sleeping")
        return Activity(
            active_at=facts_of(environment).active_at if is_there else None,
            kept_by=_kept_by(environment) if is_there else None,
            kept_until=environment.get("kept_until"),
            asleep_since=environment.get("asleep_since") if environment["is_asleep"] else None,
            next=Culling(
                action=verdict.action, at=verdict.at, reason=verdict.reason, is_near=verdict.warn_at <= now < verdict.at
            )
            if verdict
            else None,
        )

    async def keep(self, environment: Document, hours: float) -> Document:
        """Have an environment kept for some hours from now, at most as many as the settings allow.

        Raises: `EnvironmentBusy` unless it runs.
        """
        if environment["desired"] != "running":
            raise EnvironmentBusy(f"{environment['name']} does not run; start it, and it is kept while it is used.")
        most = self._context.settings.environments.keep_hours
        until = self._context.clock.now() + timedelta(hours=min(hours, most))
        await self._context.environments.update(environment["_id"], {"kept_until": until})
        current_trail().change(after={"kept_until": until.isoformat()})
        return {**environment, "kept_until": until}

    async def sleep(self, environment: Document) -> Document:
        """Put an environment to sleep now. Raises: `EnvironmentBusy` unless it runs."""
        fields = {"is_asleep": True, "asleep_since": self._context.clock.now(), "reason": "put to sleep by hand"}
        if environment["state"] != "running" or not await self._context.environments.update(
            environment["_id"], fields, is_asleep=False, desired="running"
        ):
            raise EnvironmentBusy(f"{environment['name']} does not run, or sleeps already.")
        current_trail().change(after={"is_asleep": True})
        return {**environment, **fields}

    async def preview(self) -> list[Previewed]:
        """Return what would happen to everything that runs, the soonest first."""
        running = [one for one in await self._context.environments.wanted() if one["state"] in ("running", "sleeping")]
        people = await self._context.accounts.get_many({one["owner_id"] for one in running})
        found = [
            Previewed(
                **{key: one[key] for key in ("slug", "name", "state")},
                owner=_person(people.get(one["owner_id"])),
                activity=await self.activity(one),
            )
            for one in running
        ]
        return sorted(found, key=lambda one: (one.activity.next is None, one.activity.next and one.activity.next.at))

    async def record(self, paging: PageRequest) -> Page[Cull]:
        """Return what was culled, newest first."""
        found = await self._culls.page(paging.after_time, paging.limit + 1)
        people = await self._context.accounts.get_many({one["owner_id"] for one in found})
        items = [
            Cull(
                **{key: one[key] for key in ("slug", "name", "action", "reason", "active_at", "at")},
                owner=_person(people.get(one["owner_id"])),
            )
            for one in found[: paging.limit]
        ]
        return Page(
            items=items,
            next_cursor=encode_cursor(items[-1].at.isoformat()) if len(found) > paging.limit else None,
        )


def _kept_by(environment: Document) -> str:
    """Say what last showed that it is used."""
    active_at, visited_at = environment.get("active_at"), environment.get("last_activity_at")
    if active_at is not None and (visited_at is None or active_at > visited_at):
        return str(environment.get("kept_by") or "")
    return "somebody was there" if visited_at is not None else "it was started"


def _person(user: User | None) -> Person | None:
    return Person(id=user.id, name=user.name, email=user.email) if user else None
