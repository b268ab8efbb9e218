"""The authorizer that asks an OpenFGA server."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import structlog

from hothouse.access.backends.casbin import CasbinAuthorizer
from hothouse.access.backends.openfga.client import OpenFgaClient
from hothouse.access.backends.openfga.model import has, may, reaches
from hothouse.access.backends.openfga.sync import Compared, Mirror
from hothouse.access.backends.openfga.tuples import facts, moment, only_public, who
from hothouse.access.errors import AccessUndecided
from hothouse.access.interfaces import (
    PLATFORM,
    Action,
    Decision,
    Holders,
    Policy,
    Reach,
    Resource,
    ResourceKind,
)
from hothouse.access.kinds import Kinds
from hothouse.access.policies import Policies
from hothouse.access.scopes import covers
from hothouse.access.words import ANYONE, DENIED, OWNER, SIGNED_IN, Everyone, subject_of
from hothouse.identity.principal import Principal
from hothouse.kit.clock import Clock

log = structlog.get_logger(__name__)


class OpenFgaAuthorizer:
    """Every decision is the server's. Without its answer nothing is allowed: methods raise `AccessUndecided`.

    Why something is decided is told from what this hub knows of grants, which is what the server was told.
    """

    def __init__(self, kinds: Kinds, policies: Policies, clock: Clock, client: OpenFgaClient) -> None:
        self._kinds = kinds
        self._policies = policies
        self._clock = clock
        self._client = client
        self._mirror = Mirror(client, kinds, policies.everything)
        self._reasons = CasbinAuthorizer(kinds, policies, clock)

    async def check(self, principal: Principal, action: Action, resource: Resource | None = None) -> Decision:
        kind = self._kinds.of(action)
        asked = PLATFORM if kind is not None and kind.name == PLATFORM.kind else resource
        if kind is None or asked is None or asked.kind != kind.name:
            return await self._reasons.check(principal, action, resource)  # open to anyone, or no such thing
        return await self._decide(principal, action, asked)

    async def explain(self, principal: Principal, action: Action, resource: Resource) -> Decision:
        decision = await self.check(principal, action, resource)
        explained = await self._reasons.explain(principal, action, resource)
        if explained.is_allowed != decision.is_allowed:
            return decision
        return Decision(decision.is_allowed, explained.reason, explained.chain, explained.until)

    async def allowed_actions(self, principal: Principal, resource: Resource) -> list[Action]:
        asked: list[Action] = []
        questions = []
        for action in self._kinds.actions(resource.kind):
            if (question := self._question(principal, action, resource)) is not None:
                asked.append(action)
                questions.append(question)
        answers = await self._client.check_all(questions, self._mirror.model_id)
        return [action for action, is_allowed in zip(asked, answers, strict=True) if is_allowed]

    async def who_can(self, action: Action, resource: Resource) -> Holders:
        kind = self._kinds.get(resource.kind)
        holding = self._holding(kind, action)
        named, *listed = await asyncio.gather(
            self._users(DENIED, resource) if self._has(kind, DENIED) else _nobody(),
            *(self._users(has(role), resource) for role in holding),
        )
        denied, is_closed = named
        users: defaultdict[str, set[str]] = defaultdict(set)
        everyone = _open_to(kind, action, resource)
        for role, (ids, is_for_all) in zip(holding, listed, strict=True):
            everyone = everyone or (SIGNED_IN if is_for_all else None)
            for user_id in ids:
                users[user_id].add(role)
        denied.discard(resource.owner_id or "")
        owned = next((role.actions for role in kind.roles if role.name == OWNER), frozenset()) if kind else frozenset()
        if resource.owner_id and action in owned:
            users[resource.owner_id].add(OWNER)
        stay = {resource.owner_id} if is_closed else users.keys() - denied
        kept = {one: frozenset(roles) for one, roles in users.items() if one in stay}
        return Holders(kept, None if is_closed else everyone, frozenset(denied))

    async def list_resources(self, principal: Principal, action: Action) -> Reach:
        kind = self._kinds.of(action)
        if subject_of(principal) == ANYONE or kind is None or not covers(principal.scopes, action):
            return Reach()
        if principal.is_admin:
            await self._client.ping()
            return Reach(is_all=self._mirror.model_id != "")
        granted, denied = await asyncio.gather(
            self._objects(kind.name, reaches(action), principal) if self._holding(kind, action) else _none(),
            self._objects(kind.name, DENIED, principal) if self._has(kind, DENIED) else _none(),
        )
        return Reach(False, granted, denied)

    async def load(self, policies: Iterable[Policy]) -> None:  # noqa: ARG002 -- they are those of the hub
        await self._mirror.compare()

    async def apply(self, gone: Sequence[Policy], added: Sequence[Policy]) -> None:
        await self._reasons.apply(gone, added)
        await self._mirror.take(gone, added)

    async def compare(self) -> Compared:
        """Make the server's model and tuples what they are to be. Raises: `AccessUndecided`."""
        compared = await self._mirror.compare()
        if compared is None:
            raise AccessUndecided(self._mirror.behind or "")
        return compared

    async def keep_up(self) -> None:
        """Make good whatever the server could not be told, until cancelled."""
        await self._mirror.keep_up()

    async def close(self) -> None:
        await self._client.close()

    async def problem(self) -> str | None:
        """Say why nothing can be decided at the moment; None if all is well."""
        try:
            await self._client.ping()
        except AccessUndecided as error:
            return error.why
        return self._mirror.behind

    async def _decide(self, principal: Principal, action: Action, resource: Resource) -> Decision:
        reasons = await self._reasons.check(principal, action, resource)
        question = self._question(principal, action, resource)
        model_id = self._mirror.model_id
        is_allowed = question is not None and await self._client.check(question, model_id)
        if is_allowed == reasons.is_allowed:
            return reasons
        log.warning("openfga-decides-otherwise", resource=resource.key, action=str(action), is_allowed=is_allowed)
        return Decision(is_allowed, "the authorization server decides so")

    def _question(self, principal: Principal, action: Action, resource: Resource) -> dict[str, Any] | None:
        """Return what to ask; None where no answer could allow it."""
        if covers(principal.scopes, action):
            contextual = facts(principal, resource, self._platform_role(principal, resource))
        else:
            kind = self._kinds.get(resource.kind)
            if resource.openness != "public" or kind is None or action not in kind.open_to.get("public", ()):
                return None
            contextual = only_public(resource)
        return {
            "tuple_key": {"user": who(principal), "relation": may(action), "object": resource.key},
            "contextual_tuples": {"tuple_keys": contextual},
            "context": self._now(),
        }

    def _platform_role(self, principal: Principal, resource: Resource) -> str | None:
        """Return the relation of an account's role on the platform, if that is one that allows anything."""
        if resource.kind != PLATFORM.kind or principal.user is None or principal.user.role == "admin":
            return None
        role = principal.user.role
        return has(role) if self._has(self._kinds.get(PLATFORM.kind), role) else None

    def _has(self, kind: ResourceKind | None, role: str) -> bool:
        """Tell whether a role can be given on things of a kind."""
        if kind is None:
            return False
        built_in = any(one.name == role and one.is_granted for one in kind.roles)
        return built_in or self._policies.role(kind.name, role) is not None

    def _holding(self, kind: ResourceKind | None, action: Action) -> list[str]:
        """Return the roles that can be given on things of a kind, and allow an action."""
        if kind is None:
            return []
        built_in = {one.name: one.actions for one in kind.roles if one.is_granted}
        made = {one.name: one.actions for one in self._policies.roles() if one.kind == kind.name}
        return [role for role, actions in ({**made, **built_in}).items() if action in actions]

    async def _users(self, relation: str, resource: Resource) -> tuple[set[str], bool]:
        """Return the ids of accounts that have a relation to a thing, and whether all have it."""
        question = {
            "object": {"type": resource.kind, "id": resource.id},
            "relation": relation,
            "user_filters": [{"type": "user"}],
            "context": self._now(),
        }
        found = await self._client.users(question, self._mirror.model_id)
        ids = {str(one["object"]["id"]) for one in found if "object" in one}
        return ids, any("wildcard" in one for one in found)

    async def _objects(self, kind: str, relation: str, principal: Principal) -> frozenset[str]:
        question = {"type": kind, "relation": relation, "user": who(principal), "context": self._now()}
        found = await self._client.objects(question, self._mirror.model_id)
        return frozenset(one.partition(":")[2] for one in found)

    def _now(self) -> dict[str, str]:
        return {"now": moment(self._clock.now())}


def _open_to(kind: ResourceKind | None, action: Action, resource: Resource) -> Everyone | None:
    open_to = kind.open_to if kind else {}
    if resource.openness == "public" and action in open_to.get("public", ()):
        return ANYONE
    return SIGNED_IN if resource.openness != "private" and action in open_to.get("signed-in", ()) else None


async def _nobody() -> tuple[set[str], bool]:
    return set(), False


async def _none() -> frozenset[str]:
    return frozenset()
