"""Who a request acts as."""

from dataclasses import dataclass, replace
from typing import Literal

from hothouse.identity.schemas import Scope, User


@dataclass(frozen=True, slots=True)
class Principal:
    """The subject of a request; `user` None is anyone.

    `credentials` are the ids of what proves it: a session and the one it hangs on, or a token. `scopes` limit what a
    token may be used for; None is all that the account may do. `impersonator` is who acts as
    `user`, if not they themselves.
    """

    user: User | None = None
    via: Literal["session", "token", "none"] = "none"
    session_id: str | None = None
    credentials: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] | None = None
    impersonator: User | None = None

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
        """Return the same without a token's limits: what the account itself may do."""
        return replace(self, scopes=None)


ANYONE = Principal()
