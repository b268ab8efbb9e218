"""Finding environments that somebody may see."""

from typing import Literal

from hothouse.access.interfaces import Action
from hothouse.database.connection import Document
from hothouse.environments.schemas import Environment
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.service.presenting import Presenter
from hothouse.environments.sharing import resource_of
from hothouse.identity.principal import Principal
from hothouse.kit.paging import Page, PageRequest, encode_cursor

BATCH = 100


class Reader:
    """Answers questions about environments."""

    def __init__(self, context: EnvironmentsContext, presenter: Presenter) -> None:
        self._context = context
        self._present = presenter

    async def may_view(self, principal: Principal, environment: Document) -> bool:
        """Tell whether somebody may see an environment's page; nobody sees one that is being deleted."""
        if environment["desired"] == "deleted":
            return False
        resource = resource_of(environment)
        return (await self._context.authorizer.check(principal, Action.ENVIRONMENT_VIEW, resource)).is_allowed

    async def page(self, principal: Principal, paging: PageRequest, whose: Literal["mine", "all"]) -> Page[Environment]:
        """Return one's own environments, by name, or those one may see, by slug."""
        if whose == "mine":
            own = [one for one in await self._context.environments.of(principal.user_id or "") if _stands(one)]
            return Page(items=await self._present.many(principal, own))
        found: list[Document] = []
        after = paging.after_text
        while len(found) <= paging.limit:
            batch = await self._context.environments.page(after, BATCH)
            found += [one for one in batch if await self.may_view(principal, one)]
            if len(batch) < BATCH:
                break
            after = batch[-1]["slug"]
        shown = found[: paging.limit]
        cursor = encode_cursor(shown[-1]["slug"]) if len(found) > paging.limit else None
        return Page(items=await self._present.many(principal, shown), next_cursor=cursor)

    async def users_of(self, workspace_id: str) -> list[str]:
        """Return the names of the environments that have a workspace."""
        return [one["name"] for one in await self._context.environments.in_workspace(workspace_id) if _stands(one)]


def _stands(environment: Document) -> bool:
    return bool(environment["desired"] != "deleted")
