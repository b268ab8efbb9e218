"""Whom the settings ask for a second factor."""

from dataclasses import dataclass

from hothouse.identity.schemas import User
from hothouse.settings import SecondFactorMode


@dataclass(frozen=True, slots=True)
class Policy:
    """`optional` asks nobody who did not choose it, `admins` all who administer, `everyone` everybody."""

    mode: SecondFactorMode

    def asks(self, user: User) -> bool:
        return self.mode == "everyone" or (self.mode == "admins" and user.role == "admin")
