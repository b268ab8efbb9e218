"""Quotas of databases: the broker refuses what would grow, so it is told how much each database may take."""

import asyncio
from collections.abc import Mapping

from hothouse.access.words import split
from hothouse.broker.quotas import StorageQuota, StorageQuotas
from hothouse.database.connection import Document
from hothouse.quotas.amounts import HeldDatabase
from hothouse.quotas.interfaces import DatabaseHolder
from hothouse.quotas.service.checking import Describe
from hothouse.quotas.service.rules import Rule, Rules

LOOK_SECONDS = 10.0


class DatabaseQuotas:
    """Divides what quotas allow: each database may take what the others of the same people leave.

    Two that grow at the same moment may both take the last of it, for as long as until the next look.
    """

    def __init__(self, rules: Rules, told: StorageQuotas, describe: Describe) -> None:
        self._rules = rules
        self._told = told
        self._describe = describe
        self._holders: list[DatabaseHolder] = []

    def count(self, *holders: DatabaseHolder) -> None:
        """Have the databases counted that features give."""
        self._holders += holders

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Tell the broker what every database may take now."""
        known = await self._rules.known()
        is_any = any("database_bytes" in one["limits"] for one in known.values())
        held = [one for holder in self._holders for one in await holder.databases()] if is_any else []
        await self._told.keep(await self._divided(known, held))

    async def _divided(self, known: Mapping[str, Document], held: list[HeldDatabase]) -> dict[str, StorageQuota]:
        used: dict[str, int] = {}
        for one in held:
            used[one.owner_id] = used.get(one.owner_id, 0) + one.bytes
        described = await self._describe(list(known))
        divided = {}
        for one in held:
            left = [
                (_left(rule, used) + one.bytes, rule.subject)
                for rule in self._rules.among(known, one.owner_id)
                if "database_bytes" in rule.limits
            ]
            if left:
                most, subject = min(left)
                is_group = split(subject)[0] == "group"
                by = f'the quota of the group "{described[subject].name}"' if is_group else "the quota of its owner"
                divided[one.name] = StorageQuota(max(0, most), by)
        return divided


def _left(rule: Rule, used: Mapping[str, int]) -> int:
    return int(rule.limits["database_bytes"]) - sum(used.get(person, 0) for person in rule.people)
