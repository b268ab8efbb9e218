"""Everybody's accounts, for admins: finding them, changing roles, closing and opening them."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Protocol

from hothouse.database.connection import Document
from hothouse.database.leases import Lease
from hothouse.identity.errors import AdminsOnly, LastAdmin
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository, LinksRepository, PeopleRepository, Wanted
from hothouse.identity.schemas import Account, AccountChange, Contact, Role, User
from hothouse.identity.service.accounts import to_user
from hothouse.kit.clock import Clock
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail


class HasFactors(Protocol):
    """What knows who has a second factor; `factors` builds on this package, not the other way round."""

    async def owners(self, user_ids: list[str]) -> set[str]:
        """Return those among accounts that have one."""
        ...


MOST_ADMINS = 1_000


class People:
    """Shows and changes accounts. There is always an admin who can sign in."""

    def __init__(
        self,
        people: PeopleRepository,
        repository: IdentityRepository,
        links: LinksRepository,
        factors: HasFactors,
        admins: Lease,
        clock: Clock,
    ) -> None:
        self._people = people
        self._repository = repository
        self._links = links
        self._factors = factors
        self._admins = admins
        self._here = asyncio.Lock()
        self._clock = clock

    async def page(self, wanted: Wanted, paging: PageRequest) -> Page[Account]:
        """Return accounts, the newest first."""
        found = await self._people.page(wanted, paging.after_number, paging.limit + 1)
        shown = found[: paging.limit]
        more = len(found) > paging.limit
        guarded = await self._factors.owners([one["_id"] for one in shown])
        return Page(
            items=[to_account(one, guarded) for one in shown],
            next_cursor=encode_cursor(shown[-1]["number"]) if more else None,
        )

    async def find(self, text: str, limit: int) -> list[Contact]:
        """Return active accounts of whose name or address a word begins so, the newest first."""
        if limit < 1 or not text.strip():
            return []
        return [_contact(one) for one in await self._people.page(Wanted(text, None, True), None, limit)]

    async def get_many(self, user_ids: Iterable[str]) -> dict[str, Contact]:
        """Return the accounts among the ids that exist, by id."""
        wanted = sorted(set(user_ids))
        return {one["_id"]: _contact(one) for one in await self._repository.users(wanted)} if wanted else {}

    async def active(self, user_id: str) -> User | None:
        """Return an account that is not closed."""
        found = await self._people.get(user_id)
        return to_user(found) if found and found["is_active"] else None

    async def admins(self) -> list[Contact]:
        """Return the admins who can sign in."""
        return [_contact(one) for one in await self._people.page(Wanted(None, "admin", True), None, MOST_ADMINS)]

    async def numbered(self, before: int | None, limit: int) -> list[tuple[int, User]]:
        """Return active accounts with numbers under `before`, the newest first."""
        found = await self._people.page(Wanted(None, None, True), before, limit)
        return [(one["number"], to_user(one)) for one in found]

    def guard_role(self, principal: Principal, role: Role | None) -> None:
        """Raises: `AdminsOnly` if anybody but an admin would make somebody one."""
        if role == "admin" and not principal.is_admin:
            raise AdminsOnly

    async def guard(self, principal: Principal, user_id: str) -> None:
        """Raises: `NotFound`; `AdminsOnly` for an admin's account, unless it is an admin who asks."""
        if (await self._get(user_id))["role"] == "admin" and not principal.is_admin:
            raise AdminsOnly

    async def show(self, user_id: str) -> Account:
        """Raises: `NotFound`."""
        return to_account(await self._get(user_id), await self._factors.owners([user_id]))

    async def change(self, user_id: str, change: AccountChange) -> Account:
        """Change an account's name or role. Raises: `NotFound`, `LastAdmin`."""
        user = await self._get(user_id)
        if change.role is not None and change.role != "admin":
            async with self._not_the_last(user_id) as user:
                await self._people.set_role(user_id, change.role)
                await self._repository.remove_impersonations_by(user_id)
                await self._links.remove_invitations_by(user_id)
        elif change.role is not None:
            await self._people.set_role(user_id, change.role)
        if change.name is not None:
            await self._people.rename(user, change.name)
        _tell(user, change)
        return await self.show(user_id)

    async def deactivate(self, user_id: str) -> Account:
        """Close an account: nobody can sign in to it, and all that was signed in ends. What it owns stays.

        Raises: `NotFound`, `LastAdmin`.
        """
        await self._get(user_id)
        async with self._not_the_last(user_id):
            await self._people.deactivate(user_id, self._clock.now())
        await self._end_everything(user_id)
        return await self.show(user_id)

    async def reactivate(self, user_id: str) -> Account:
        """Open an account again; sessions and API tokens of before stay ended. Raises: `NotFound`."""
        user = await self._get(user_id)
        if not user["is_active"]:
            await self._end_everything(user_id)  # also what came in between closing it and ending all of it
            await self._people.reactivate(user_id)
        return await self.show(user_id)

    async def _end_everything(self, user_id: str) -> None:
        await self._repository.remove_sessions(user_id)
        await self._repository.remove_tokens(user_id)
        await self._links.remove_resets(user_id)
        await self._links.remove_invitations_by(user_id)

    async def _get(self, user_id: str) -> Document:
        user = await self._people.get(user_id)
        if user is None:
            raise NotFound("There is no such account.")
        return user

    @asynccontextmanager
    async def _not_the_last(self, user_id: str) -> AsyncIterator[Document]:
        """Keep other changes of admins away while the block makes somebody one no more. Raises: `LastAdmin`."""
        async with self._here:
            await self._admins.wait()
            try:
                user = await self._get(user_id)
                is_admin = user["role"] == "admin" and user["is_active"]
                if is_admin and await self._people.count_admins() <= 1:
                    raise LastAdmin
                yield user
            finally:
                await self._admins.release()


def to_account(user: Document, guarded: set[str]) -> Account:
    """Return an account as admins see it; `guarded` are the ids of those that have a second factor."""
    more = {"is_active": user["is_active"], "deactivated_at": user.get("deactivated_at")}
    more["has_second_factor"] = user["_id"] in guarded
    return Account(**to_user(user).model_dump(), **more)


def _contact(user: Document) -> Contact:
    return Contact(id=user["_id"], **{key: user[key] for key in ("name", "email", "is_active")})


def _tell(user: Document, change: AccountChange) -> None:
    """Tell the request's trail what an admin changed of somebody's account."""
    trail = current_trail()
    trail.concerns("user", user["_id"], user["email"])
    after = change.model_dump(exclude_none=True)
    trail.change(before={key: user[key] for key in after}, after=after)
