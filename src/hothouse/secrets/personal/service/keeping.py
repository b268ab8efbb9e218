"""Keeping the secrets of a person, and giving them to that person's workloads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from hothouse.database.connection import Document
from hothouse.database.leases import Lease
from hothouse.identity.schemas import User
from hothouse.kit.clock import Clock
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound
from hothouse.kit.sealing import KeyRing
from hothouse.secrets.personal.errors import SecretExists, SecretPathTaken, TooManySecrets
from hothouse.secrets.personal.names import folders_of
from hothouse.secrets.personal.repository import PersonalSecretsRepository
from hothouse.secrets.personal.schemas import PersonalSecret, PersonalSecretValue
from hothouse.secrets.personal.service.checks import checked
from hothouse.secrets.personal.service.sealed import opened, seal

MOST = 100

Tell = Callable[[str, str, list[str]], Awaitable[None]]
"""Given the ids of a person and of a workload, and names, puts on record that the workload is given these."""


class Given(NamedTuple):
    """What a workload is given: values of environment variables by name, contents of files by path from the home on."""

    env: dict[str, str]
    files: dict[str, bytes]

    def __repr__(self) -> str:
        return f"Given(env={sorted(self.env)}, files={sorted(self.files)})"


class PersonalSecrets:
    """Keeps secrets sealed. Values go to the person's workloads, after that was put on record, and nowhere else."""

    def __init__(
        self, repository: PersonalSecretsRepository, ring: KeyRing, clock: Clock, changing: Lease, tell: Tell
    ) -> None:
        """Make it; `changing` lets one change after the other happen, among all hubs."""
        self._repository = repository
        self._ring = ring
        self._clock = clock
        self._changing = changing
        self._here = asyncio.Lock()
        self._tell = tell

    async def page(self, user: User, paging: PageRequest) -> Page[PersonalSecret]:
        """Return what secrets a person has, by name."""
        found = await self._repository.page(user.id, paging.after_text, paging.limit + 1)
        shown = [_shown(one) for one in found[: paging.limit]]
        more = len(found) > paging.limit
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].name) if more else None)

    async def keep(
        self, user: User, name: str, given: PersonalSecretValue, *, is_new: bool = False
    ) -> tuple[PersonalSecret, PersonalSecret | None]:
        """Keep a secret, in the place of one of the same name unless it `is_new`; return it, and what it replaced.

        Raises: `Invalid`, `SecretPathTaken`, `TooManySecrets`, `SecretExists`.
        """
        value = checked(name, given)
        secret: Document = {
            "user_id": user.id,
            "name": name,
            "kind": given.kind,
            "size": len(value),
            "sealed": seal(self._ring, user.id, name, value),
            "changed_at": self._clock.now(),
        }
        if given.path is not None:
            secret["path"] = given.path
        async with self._one_change():
            others = {one["name"]: one for one in await self._repository.page(user.id, None, MOST + 1)}
            before = others.pop(name, None)
            if before and is_new:
                raise SecretExists(name)
            if len(others) >= MOST:
                raise TooManySecrets(MOST)
            _check_path(given.path, others)
            await self._repository.put(secret)
        return _shown({**(before or {}), "path": None, **secret}), _shown(before) if before else None

    async def delete(self, user: User, name: str) -> None:
        """Forget a secret. Raises: `NotFound`."""
        if not await self._repository.remove(user.id, name):
            raise NotFound(f'You have no secret "{name}".')

    async def for_workload(self, user_id: str, workload: Document) -> Given:
        """Return all secrets of a person for a workload of theirs that is about to start; safe to repeat.

        The caller sees to it that the workload is that person's. Raises: `Conflict` when a secret cannot be opened.
        """
        secrets = await self._repository.sealed(user_id)
        values = {one["name"]: opened(self._ring, one) for one in secrets}
        names = sorted(values)
        if names and await self._repository.note_read(workload["_id"], user_id, names, self._clock.now()):
            await self._tell(user_id, workload["_id"], names)
        files = {one["path"]: values[one["name"]] for one in secrets if one["kind"] == "file"}
        return Given({one["name"]: values[one["name"]].decode() for one in secrets if one["kind"] == "variable"}, files)

    @asynccontextmanager
    async def _one_change(self) -> AsyncIterator[None]:
        async with self._here:
            await self._changing.wait()
            try:
                yield
            finally:
                await self._changing.release()


def _check_path(path: str | None, others: dict[str, Document]) -> None:
    """Raises: `SecretPathTaken` where a file would be in the place of another, or of the folder that one is in."""
    if path is None:
        return
    above = {path, *folders_of(path)}
    for name, other in others.items():
        taken = other.get("path")
        if taken and (taken in above or path in folders_of(taken)):
            raise SecretPathTaken(path, name)


def _shown(secret: Document) -> PersonalSecret:
    return PersonalSecret(**{key: secret.get(key) for key in PersonalSecret.model_fields})
