"""Which quotas hold for whom."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from hothouse.access.words import SIGNED_IN, group, user
from hothouse.database.connection import Document
from hothouse.quotas.amounts import Limit
from hothouse.quotas.repository import QuotasRepository


@dataclass(frozen=True, slots=True)
class Rule:
    """A quota as it holds for somebody: what it limits, and the people whose things count together."""

    subject: str
    limits: Mapping[Limit, float]
    people: frozenset[str]


class Rules:
    """Finds them. `groups_of` names the groups of a subject, `people_in` the accounts in one, both at any depth."""

    def __init__(
        self,
        quotas: QuotasRepository,
        groups_of: Callable[[str], list[str]],
        people_in: Callable[[str], Collection[str]],
    ) -> None:
        self._quotas = quotas
        self._groups_of = groups_of
        self._people_in = people_in

    async def of(self, user_id: str) -> list[Rule]:
        """Return the quotas that hold for a person's things."""
        return self.among({one["_id"]: one for one in await self._quotas.of(self._subjects(user_id))}, user_id)

    async def known(self) -> dict[str, Document]:
        """Return every quota by its subject, for `among`."""
        return {one["_id"]: one for one in await self._quotas.all()}

    def among(self, quotas: Mapping[str, Document], user_id: str) -> list[Rule]:
        """Return those of some quotas that hold for a person: their own or else everyone's, and all their groups'."""
        mine, everyone, *groups = self._subjects(user_id)
        own = quotas.get(mine) or quotas.get(everyone)
        rules = [_rule(own, frozenset({user_id}))] if own else []
        return [*rules, *(_rule(quotas[one], self.people(one)) for one in groups if one in quotas)]

    def people(self, subject: str) -> frozenset[str]:
        """Return the ids of those whose things count together for a subject."""
        return frozenset(self._people_in(subject))

    def _subjects(self, user_id: str) -> list[str]:
        subject = user(user_id)
        return [subject, SIGNED_IN, *map(group, self._groups_of(subject))]


def _rule(quota: Document, people: frozenset[str]) -> Rule:
    limits = {name: limit for name, limit in quota["limits"].items() if limit is not None}
    return Rule(quota["_id"], limits, people)
