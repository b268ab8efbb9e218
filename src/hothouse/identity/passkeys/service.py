"""The passkeys of accounts: made, named, used in place of a code, removed."""

import os
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hothouse.database.connection import Document
from hothouse.identity.factors.service import Factors
from hothouse.identity.passkeys.errors import NoSecondFactor, PasskeyKnown, PasskeyRefused, TooManyPasskeys
from hothouse.identity.passkeys.repository import PasskeysRepository
from hothouse.identity.passkeys.schemas import Passkey, PasskeyOptions
from hothouse.identity.schemas import User
from hothouse.identity.service.lockout import CODE, Lockout
from hothouse.kit.clock import Clock
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

if TYPE_CHECKING:
    from hothouse.identity.passkeys.ceremony import Ceremony

CHALLENGE_BYTES = 32
CHALLENGE_LIFETIME = timedelta(minutes=5)
MOST = 20


class Passkeys:
    """Keeps passkeys of people who have a second factor. A challenge is good for one answer, right or wrong."""

    def __init__(
        self, repository: PasskeysRepository, main_url: str, factors: Factors, lockout: Lockout, clock: Clock
    ) -> None:
        self._repository = repository
        self._main_url = main_url
        self._factors = factors
        self._lockout = lockout
        self._clock = clock

    @cached_property
    def _ceremony(self) -> "Ceremony":
        from hothouse.identity.passkeys.ceremony import Ceremony  # noqa: PLC0415 -- takes long to load, and few need it

        return Ceremony(self._main_url)

    async def of(self, user: User) -> list[Passkey]:
        """Return a person's, the oldest first."""
        return [_shown(one) for one in await self._repository.of(user.id)]

    async def begin(self, user: User, code: str) -> PasskeyOptions:
        """Offer to make a passkey, to who gives a code of the second factor.

        Raises: `NoSecondFactor`, `WrongCode`, `TooManyAttempts`, `TooManyPasskeys`.
        """
        if not await self._factors.is_on(user.id):
            raise NoSecondFactor
        await self._factors.use(user.id, code)
        known = [one["_id"] for one in await self._repository.of(user.id)]
        if len(known) >= MOST:
            raise TooManyPasskeys(MOST)
        challenge = await self._challenge(f"make/{user.id}")
        return PasskeyOptions(options=self._ceremony.to_make(user, known, challenge))

    async def add(self, user: User, name: str, credential: dict[str, Any]) -> Passkey:
        """Keep a passkey that was made. Raises: `PasskeyRefused`, `PasskeyKnown`, `NoSecondFactor`."""
        made = self._ceremony.made(credential, await self._taken(f"make/{user.id}"))
        if not await self._factors.is_on(user.id):
            raise NoSecondFactor
        passkey: Document = {
            "_id": made.id,
            "user_id": user.id,
            "name": name,
            "public_key": made.public_key,
            "sign_count": made.sign_count,
            "created_at": self._clock.now(),
            "last_used_at": None,
        }
        if not await self._repository.add(passkey):
            raise PasskeyKnown
        return _shown(passkey)

    async def rename(self, user: User, passkey_id: str, name: str) -> Passkey:
        """Raises: `NotFound`."""
        await self._repository.rename(user.id, passkey_id, name)
        return _shown(await self._get(user.id, passkey_id))

    async def remove(self, user: User, passkey_id: str, code: str) -> Passkey:
        """Forget a passkey, for who gives a code. Raises: `NotFound`, `WrongCode`, `TooManyAttempts`."""
        passkey = await self._get(user.id, passkey_id)
        await self._factors.use(user.id, code)
        await self._repository.remove(user.id, passkey_id)
        return _shown(passkey)

    async def forget(self, user_id: str) -> None:
        """Leave none of a person's, whose second factor is gone."""
        await self._repository.remove_all(user_id)

    # Signing in

    async def exist(self, user_id: str) -> bool:
        """Tell whether a person has any."""
        return bool(await self._repository.of(user_id))

    async def ask(self, user_id: str, step_id: str) -> PasskeyOptions:
        """Ask a person's passkeys, at one second step. Raises: `NotFound` when they have none."""
        known = [one["_id"] for one in await self._repository.of(user_id)]
        if not known:
            raise NotFound("There is no passkey of this account. Give a code.")
        return PasskeyOptions(options=self._ceremony.to_sign_in(known, await self._challenge(f"use/{step_id}")))

    async def use(self, user_id: str, step_id: str, credential: dict[str, Any]) -> None:
        """Take what a passkey answered to that step for a code. Raises: `PasskeyRefused`, `TooManyAttempts`."""
        await self._lockout.count(CODE, user_id)
        challenge = await self._taken(f"use/{step_id}")
        passkey = await self._repository.get(user_id, str(credential.get("id")))
        if passkey is None:
            raise PasskeyRefused
        count = self._ceremony.sign_count(credential, challenge, passkey["public_key"], passkey["sign_count"])
        if not await self._repository.note_use(passkey, count, self._clock.now()):
            raise PasskeyRefused
        await self._lockout.forget(CODE, user_id)
        current_trail().change(after={"used": "passkey", "passkey": passkey["name"]})

    async def _challenge(self, about: str) -> bytes:
        challenge = os.urandom(CHALLENGE_BYTES)
        await self._repository.put_challenge(about, challenge, self._clock.now() + CHALLENGE_LIFETIME)
        return challenge

    async def _taken(self, about: str) -> bytes:
        challenge = await self._repository.take_challenge(about, self._clock.now())
        if challenge is None:
            raise PasskeyRefused
        return challenge

    async def _get(self, user_id: str, passkey_id: str) -> Document:
        passkey = await self._repository.get(user_id, passkey_id)
        if passkey is None:
            raise NotFound("You have no such passkey.")
        return passkey


def _shown(passkey: Document) -> Passkey:
    return Passkey(id=passkey["_id"], **{key: passkey[key] for key in ("name", "created_at", "last_used_at")})
