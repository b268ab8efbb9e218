"""Groups that a provider decides on: somebody belongs to them for as long as it says so at each sign-in."""

from hothouse.access.service.members import Members
from hothouse.identity.schemas import User
from hothouse.kit.trail import current_trail
from hothouse.oidc.provider import Provider
from hothouse.settings_oidc import OidcProvider


class Memberships:
    """Follows what providers say. What people gave by hand is none of its business."""

    def __init__(self, members: Members) -> None:
        self._members = members

    async def follow(self, provider: Provider, user: User, values: frozenset[str]) -> None:
        """Make somebody's groups of a provider those that the values of its claim stand for."""
        own, shared = groups_of(provider.settings, values)
        new, gone = await self._members.follow_provider(
            user.id, provider.id, own, shared=shared, may_make=provider.settings.create_groups
        )
        if new:
            current_trail().change(after={"joined_groups": new})
        if gone:
            current_trail().change(before={"left_groups": gone})

    async def forget(self, provider_id: str, user: User) -> None:
        """Take somebody out of all groups in which a provider put them."""
        _, gone = await self._members.follow_provider(user.id, provider_id, ())
        if gone:
            current_trail().change(before={"left_groups": gone})


def groups_of(settings: OidcProvider, values: frozenset[str]) -> tuple[set[str], set[str]]:
    """Return names of groups: the provider's own, by prefix, and those that the settings map to, whoever made them."""
    mapped = {settings.group_map[value] for value in values if value in settings.group_map}
    prefix = settings.group_prefix
    if prefix is None:
        return set(), mapped
    begun = {value for value in values - settings.group_map.keys() if value.startswith(prefix)}
    return {name for value in begun if (name := value.removeprefix(prefix).strip())}, mapped
