"""Who a request acts as."""

from dataclasses import dataclass, replace
from typing import Literal

from hothouse.identity.schemas import Scope, User

Acting = Literal["acting"]
ACTING: Acting = "acting"
"""The limits of whoever acts as somebody else."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The subject of a request; without `user` and `app_id` it is anyone.

    `app_id` is set for an app that acts for itself. It is nobody signed in: it may do what it was granted by name, and
    what anyone may.

    `group_id` is set only to ask what whoever is in a group may do because of that; no request acts as it.

    `credentials` are the ids of what proves it: a session and the one it hangs on, or a token. `scopes` limit what a
    token may be used for; None is all that the account may do. `impersonator` is who acts as `user`, if not they
    themselves.
    """

    user: User | None = None
    via: Literal["session", "token", "app", "none"] = "none"
    session_id: str | None = None
    credentials: tuple[str, ...] = ()
    scopes: tuple[Scope | Acting, ...] | None = None
    impersonator: User | None = None
    app_id: str | None = None
    group_id: str | None = None

    @property
    def is_admin(self) -> bool:
        return self.user is not None and self.user.role == "admin"

    @property
    def user_id(self) -> str | None:
        return self.user.id if self.user else None

    @property
    def impersonator_id(self) -> str | None:
        return self.impersonator.id if self.impersonator else None

    def unlimited(self) -> "Principal":
        """Return the same without a token's limits: what the account itself may do. Who acts as it stays limited."""
        return self if self.impersonator else replace(self, scopes=None)


ANYONE = Principal()
