"""What the hub pushes when somebody may no longer be who they were, or may no longer open what they could."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a decision is about. `credentials` are the hub's ids of what proved it: session and parent, or token."""

    user_id: str = ""
    groups: frozenset[str] = field(default_factory=frozenset)
    credentials: frozenset[str] = field(default_factory=frozenset)

    def covers(self, other: "Identity") -> bool:
        """Whether who has this identity may do all that was begun under the other: same person, no group lost."""
        return self.user_id == other.user_id and self.groups >= other.groups


NOBODY = Identity()


@dataclass(frozen=True, slots=True)
class Notice:
    """Decisions about any of these are to be made anew: it names no outcome, so it may come twice, or needlessly."""

    app_ids: frozenset[str] = field(default_factory=frozenset)
    user_ids: frozenset[str] = field(default_factory=frozenset)
    credentials: frozenset[str] = field(default_factory=frozenset)
    is_general: bool = False

    @classmethod
    def read(cls, data: dict[str, Any]) -> Self:
        """Read the event of the internal API."""
        app_ids, user_ids, credentials = (_texts(data.get(key)) for key in ("app_ids", "user_ids", "credentials"))
        return cls(app_ids, user_ids, credentials)

    @classmethod
    def of_app(cls, app_id: str) -> Self:
        return cls(app_ids=frozenset((app_id,)))

    def concerns(self, app_id: str, identity: Identity) -> bool:
        """Whether a decision on that app and person may be another one now."""
        return (
            self.is_general
            or app_id in self.app_ids
            or identity.user_id in self.user_ids
            or not self.credentials.isdisjoint(identity.credentials)
        )


ANYTHING = Notice(is_general=True)
"""What may have changed is not known: some of the stream was not heard."""


def _texts(values: Collection[Any] | None) -> frozenset[str]:
    return frozenset(str(value) for value in values or ())
