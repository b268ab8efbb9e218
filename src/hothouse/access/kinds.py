"""The kinds of resources there are: features register theirs, and access knows no feature."""

from collections.abc import Iterator

from hothouse.access.interfaces import Action, ActionInfo, BuiltInRole, ResourceKind
from hothouse.access.words import DENIED

DENIAL = BuiltInRole(
    DENIED, "Denied", "Keeps somebody out, whatever else lets them in; neither the owner nor admins.", frozenset()
)


class Kinds:
    """All registered kinds by name, and what they say of actions and roles."""

    def __init__(self, *kinds: ResourceKind) -> None:
        self._kinds: dict[str, ResourceKind] = {}
        self._by_action: dict[str, ResourceKind] = {}
        for kind in kinds:
            self.register(kind)

    def register(self, kind: ResourceKind) -> None:
        """Make a kind known, or known anew."""
        self._kinds[kind.name] = kind
        self._by_action.update({info.action: kind for info in kind.actions})

    def __iter__(self) -> Iterator[ResourceKind]:
        return iter(self._kinds.values())

    def get(self, name: str) -> ResourceKind | None:
        return self._kinds.get(name)

    def of(self, action: str) -> ResourceKind | None:
        """Return the kind on which an action is done."""
        return self._by_action.get(action)

    def actions(self, kind: str) -> list[Action]:
        """Return the actions of a kind in the order in which it names them."""
        found = self._kinds.get(kind)
        return [info.action for info in found.actions] if found else []

    def described(self) -> list[tuple[ResourceKind, ActionInfo]]:
        """Return every action that a role may hold."""
        return [(kind, info) for kind in self for info in kind.actions if info.title]

    def built_in(self, kind: str, name: str) -> BuiltInRole | None:
        """Return a role that every installation has."""
        found = self._kinds.get(kind)
        return next((role for role in found.roles if role.name == name), None) if found else None
