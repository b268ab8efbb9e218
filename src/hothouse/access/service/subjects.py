"""Whom rights are given to: describing them to people, and finding them by a few letters."""

from collections.abc import Iterable, Sequence

from hothouse.access.errors import SubjectUnknown
from hothouse.access.interfaces import Authorizer, Resource
from hothouse.access.kinds import Kinds
from hothouse.access.repository import GroupsRepository
from hothouse.access.schemas import SubjectInfo
from hothouse.access.words import ANYONE, EVERYBODY, SIGNED_IN, group, split, user
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import Contact
from hothouse.identity.service import People
from hothouse.kit.prefixes import normal, search_words

MOST, BATCH = 10, 200
NAMES = {SIGNED_IN: "Everyone signed in", ANYONE: "Anyone"}


class Subjects:
    """Describes subjects."""

    def __init__(self, people: People, groups: GroupsRepository, kinds: Kinds, authorizer: Authorizer) -> None:
        self._people = people
        self._groups = groups
        self._kinds = kinds
        self._authorizer = authorizer

    async def describe(self, subjects: Iterable[str | None]) -> dict[str, SubjectInfo]:
        """Return each subject as people see it; one that is gone is not active, and called by its id."""
        wanted = {subject for subject in subjects if subject}
        ids: dict[str, list[str]] = {}
        for subject in wanted:
            kind, identity = split(subject)
            ids.setdefault(kind, []).append(identity)
        found = {
            **{user(one.id): info(one) for one in (await self._people.get_many(ids.get("user", []))).values()},
            **{group(one): _group(one, doc["name"]) for one, doc in (await self._named_groups(ids)).items()},
            **await self._apps(ids.get("app", [])),
            **{one: SubjectInfo(subject=one, kind=one, name=NAMES[one]) for one in EVERYBODY},
        }
        return {subject: found.get(subject) or _gone(subject) for subject in wanted}

    async def _named_groups(self, ids: dict[str, list[str]]) -> dict[str, dict[str, str]]:
        return await self._groups.get_many(ids["group"]) if "group" in ids else {}

    async def _apps(self, app_ids: list[str]) -> dict[str, SubjectInfo]:
        kind = self._kinds.get("app")
        if not app_ids or kind is None or kind.finder is None:
            return {}
        apps = await kind.finder.by_ids(app_ids)
        return {f"app:{one}": _app(app) for one, app in apps.items()}

    async def _apps_called(self, principal: Principal, text: str, limit: int) -> list[Resource]:
        kind, wanted = self._kinds.get("app"), normal(text)
        found: list[Resource] = []
        batch = await kind.shelf.page(None, BATCH) if kind and kind.shelf and wanted else []
        while kind and kind.view and kind.shelf and batch and len(found) < limit:
            for app in batch:
                is_called = any(word.startswith(wanted) for word in search_words([app.title, app.name]))
                if is_called and (await self._authorizer.check(principal, kind.view, app)).is_allowed:
                    found.append(app)
            batch = await kind.shelf.page(batch[-1].name, BATCH)
        return found[:limit]

    async def one(self, subject: str) -> SubjectInfo:
        return (await self.describe([subject]))[subject]

    async def known(self, subject: str) -> SubjectInfo:
        """Return a subject that is there. Raises: `SubjectUnknown`."""
        found = await self.one(subject)
        if not found.is_active:
            kind, _ = split(subject)
            gone = "account, or it is deactivated" if kind == "user" else kind
            raise SubjectUnknown(f"There is no such {gone}: {subject}. Look for it by name.")
        return found

    async def find(self, principal: Principal, text: str, kinds: Sequence[str]) -> list[SubjectInfo]:
        """Return at most ten of whose name, or address, a word begins so; of apps those that the principal may see."""
        found: list[SubjectInfo] = []
        share = MOST // max(len(kinds), 1)
        if "group" in kinds:
            found += [_group(one["_id"], one["name"]) for one in await self._groups.page(text, None, share)]
        if "app" in kinds:
            found += [_app(one) for one in await self._apps_called(principal, text, share)]
        if "user" in kinds:
            found += [info(one) for one in await self._people.find(text, MOST - len(found))]
        return found


def info(account: Contact) -> SubjectInfo:
    return SubjectInfo(
        subject=user(account.id), kind="user", name=account.name, email=account.email, is_active=account.is_active
    )


def _group(group_id: str, name: str) -> SubjectInfo:
    return SubjectInfo(subject=group(group_id), kind="group", name=name)


def _app(app: Resource) -> SubjectInfo:
    return SubjectInfo(subject=app.key, kind="app", name=app.title or app.name)


def _gone(subject: str) -> SubjectInfo:
    kind, identity = split(subject)
    return SubjectInfo(subject=subject, kind=kind, name=f"(gone) {identity}", is_active=False)
