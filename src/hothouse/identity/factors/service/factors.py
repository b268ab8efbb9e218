"""The second factor of accounts: set up, used, renewed, turned off, and reset by admins."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from hothouse.database.connection import Document
from hothouse.identity.factors import recovery, totp
from hothouse.identity.factors.errors import SecondFactorRequired, SetUpOver, WrongCode
from hothouse.identity.factors.repository import FactorsRepository
from hothouse.identity.factors.schemas import FactorOffer, RecoveryCodes, SecondFactor
from hothouse.identity.factors.service.policy import Policy
from hothouse.identity.interfaces import Sealing
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import User
from hothouse.identity.service.lockout import CODE, Lockout
from hothouse.identity.service.proofs import Proofs
from hothouse.identity.service.sessions import Sessions
from hothouse.kit.clock import Clock
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

OFFER_LIFETIME = timedelta(minutes=15)


class Factors:
    """Keeps second factors. Keys are sealed; of recovery codes only marks are kept; no code works twice."""

    def __init__(
        self,
        repository: FactorsRepository,
        accounts: IdentityRepository,
        sealing: Sealing,
        proofs: Proofs,
        lockout: Lockout,
        sessions: Sessions,
        policy: Policy,
        clock: Clock,
        issuer: str,
    ) -> None:
        self._repository = repository
        self._accounts = accounts
        self._sealing = sealing
        self._proofs = proofs
        self._lockout = lockout
        self._sessions = sessions
        self._policy = policy
        self._clock = clock
        self._issuer = issuer
        self.on_gone: Callable[[str], Awaitable[None]] | None = None
        """Told of a person who has no second factor any more, for what hangs on it."""

    async def show(self, user: User) -> SecondFactor:
        """Say how it is with the second factor of an account."""
        factor = await self._repository.get(user.id)
        is_required = self._policy.asks(user)
        if factor is None:
            return SecondFactor(is_on=False, is_required=is_required)
        left = len(factor["recovery"])
        dates = {key: factor[key] for key in ("since", "last_used_at")}
        return SecondFactor(is_on=True, is_required=is_required, recovery_codes_left=left, **dates)

    async def is_on(self, user_id: str) -> bool:
        return await self._repository.get(user_id) is not None

    async def owners(self, user_ids: list[str]) -> set[str]:
        """Return those among accounts that have a second factor."""
        return await self._repository.owners(user_ids)

    # Setting it up

    async def begin(self, principal: Principal, password: str | None, code: str | None) -> FactorOffer:
        """Offer a key to the owner of an account, who gives a code of the present factor, or else the password.

        An account without a password gives neither, within ten minutes of a sign-in.

        Raises: `WrongCode`, `WrongPassword`, `ProofNeeded`, `TooManyAttempts`.
        """
        assert principal.user is not None  # noqa: S101 -- the route asks for an account
        user = principal.user
        if await self.is_on(user.id):
            await self.use(user.id, code or "")
            return await self.offer(user)
        document = await self._accounts.user(user.id)
        has_password = document is not None and document["password_hash"] is not None
        await self._proofs.demand(principal, password or "" if has_password else None)
        return await self.offer(user)

    async def offer(self, user: User) -> FactorOffer:
        """Offer a key; it counts once `confirm` or `confirm_first` got a code made with it."""
        key, until = totp.new_key(), self._clock.now() + OFFER_LIFETIME
        await self._repository.put_offer(user.id, self._sealing.seal(key, place_of(user.id)), until)
        address = totp.address_of(key, user.email, self._issuer)
        return FactorOffer(key=key, address=address, qr_code=totp.qr_code(address), expires_at=until)

    async def confirm(self, principal: Principal, code: str) -> RecoveryCodes:
        """Turn on the factor on offer, in place of one there may be; all other sessions of the person end.

        Raises: `SetUpOver`, `WrongCode`, `TooManyAttempts`.
        """
        assert principal.user is not None  # noqa: S101 -- the route asks for an account
        factor, codes = await self._confirmed(principal.user.id, code)
        if not await self._repository.replace(factor) and not await self._repository.add(factor):
            raise SetUpOver
        await self._repository.remove_steps(principal.user.id)
        await self._sessions.end_others(principal.user.id, principal.session_id)
        return codes

    async def confirm_first(self, user_id: str, code: str) -> RecoveryCodes:
        """Turn on the factor on offer, if there is none yet. Raises: `SetUpOver`, `WrongCode`, `TooManyAttempts`."""
        factor, codes = await self._confirmed(user_id, code)
        if not await self._repository.add(factor):
            raise SetUpOver
        await self._sessions.end_others(user_id)
        return codes

    async def _confirmed(self, user_id: str, code: str) -> tuple[Document, RecoveryCodes]:
        await self._lockout.count(CODE, user_id)
        now = self._clock.now()
        offer = await self._repository.offer(user_id, now)
        if offer is None:
            raise SetUpOver
        step = totp.matching_step(self._opened(user_id, offer["key"]), _digits(code), now, after=0)
        if step is None:
            raise WrongCode
        if not await self._repository.take_offer(user_id, offer["key"]):
            raise SetUpOver
        await self._lockout.forget(CODE, user_id)
        codes = recovery.new_codes()
        return _factor(user_id, offer["key"], step, codes, now), RecoveryCodes(recovery_codes=codes)

    # Using it

    async def use(self, user_id: str, code: str) -> None:
        """Use a code of the authenticator app, or a recovery code, up. Raises: `WrongCode`, `TooManyAttempts`."""
        await self._lockout.count(CODE, user_id)
        factor = await self._repository.get(user_id)
        if factor is None or not await self._is_right(factor, code):
            raise WrongCode
        await self._lockout.forget(CODE, user_id)

    async def _is_right(self, factor: Document, code: str) -> bool:
        user_id, now = factor["_id"], self._clock.now()
        if len(_digits(code)) == totp.DIGITS:
            key = self._opened(user_id, factor["key"])
            step = totp.matching_step(key, _digits(code), now, after=factor["last_step"])
            return step is not None and await self._repository.use_step(user_id, factor["key"], step, now)
        if not await self._repository.use_recovery(user_id, recovery.mark_of(user_id, code), now):
            return False
        current_trail().change(after={"used": "recovery code"})
        return True

    async def renew_codes(self, user: User, code: str) -> RecoveryCodes:
        """Replace the recovery codes. Raises: `WrongCode`, `TooManyAttempts`."""
        await self.use(user.id, code)
        codes = recovery.new_codes()
        if not await self._repository.renew_recovery(user.id, [recovery.mark_of(user.id, one) for one in codes]):
            raise WrongCode  # it was turned off at the same moment
        return RecoveryCodes(recovery_codes=codes)

    async def turn_off(self, user: User, code: str) -> None:
        """Do without a second factor from now on. Raises: `SecondFactorRequired`, `WrongCode`, `TooManyAttempts`."""
        if self._policy.asks(user):
            raise SecondFactorRequired
        await self.use(user.id, code)
        await self._repository.remove(user.id)
        await self._tell_gone(user.id)

    async def reset(self, user_id: str) -> None:
        """Take a person's second factor away, for an admin; all sessions of the person end.

        Raises: `NotFound` without such an account, or when it has none.
        """
        user = await self._accounts.user(user_id)
        if user is None or not await self._repository.remove(user_id):
            raise NotFound("There is no such account, or it has no second factor.")
        await self._tell_gone(user_id)
        await self._repository.remove_steps(user_id)
        await self._sessions.end_others(user_id)
        await self._lockout.forget(CODE, user_id)

    async def _tell_gone(self, user_id: str) -> None:
        if self.on_gone is not None:
            await self.on_gone(user_id)

    def _opened(self, user_id: str, sealed: str) -> str:
        return self._sealing.open(sealed, place_of(user_id))


def _factor(user_id: str, key: str, step: int, codes: list[str], now: datetime) -> Document:
    marks = [recovery.mark_of(user_id, code) for code in codes]
    return {"_id": user_id, "key": key, "last_step": step, "recovery": marks, "since": now, "last_used_at": now}


def place_of(user_id: str) -> str:
    """Return the place for which the key of a second factor is sealed."""
    return f"{user_id}/second-factor"


def _digits(code: str) -> str:
    """Return a code of an authenticator app without the space that some show in it; empty for anything else."""
    plain = code.replace(" ", "")
    return plain if plain.isascii() and plain.isdigit() else ""
