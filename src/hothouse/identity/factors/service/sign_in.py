"""From an account that was proven to a session: by way of a second step where one is needed.

Whoever proves an account (a password, a link, another provider) calls `proceed`, and nothing else opens a session for a
person who signs in.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from hothouse.database.connection import Document
from hothouse.identity.devices import Visitor
from hothouse.identity.factors.errors import SecondStepOver
from hothouse.identity.factors.repository import FactorsRepository
from hothouse.identity.factors.schemas import FactorOffer, NextStep, RecoveryCodes, Step
from hothouse.identity.factors.service.factors import Factors
from hothouse.identity.factors.service.policy import Policy
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import User
from hothouse.identity.service.accounts import to_user
from hothouse.identity.service.sessions import Sessions, SignedInBy
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_secret
from hothouse.kit.problems import NotFound

Proof = Literal["password", "provider", "link"]
"""What proved the account: a password, an identity provider, or a single-use link that made the account."""
LIFETIMES: dict[Step, timedelta] = {"code": timedelta(minutes=5), "set-up": timedelta(minutes=15)}


class HasPasskeys(Protocol):
    """What knows who has passkeys; `passkeys` builds on this package, not the other way round."""

    async def exist(self, user_id: str) -> bool:
        """Tell whether a person has any."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """Signed in; `secret` is the session's."""

    user: User
    secret: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Not yet signed in; `secret` is for this browser's cookie only and shows that the first step was done in it."""

    user: User
    step: Step
    secret: str
    expires_at: datetime
    has_passkeys: bool = False


Outcome = Opened | Asked


class SignIn:
    """Opens sessions for people who sign in. A second step is short-lived, works once, and in one browser only."""

    def __init__(
        self,
        steps: FactorsRepository,
        accounts: IdentityRepository,
        sessions: Sessions,
        factors: Factors,
        passkeys: HasPasskeys,
        policy: Policy,
        clock: Clock,
    ) -> None:
        self._steps = steps
        self._accounts = accounts
        self._sessions = sessions
        self._factors = factors
        self._passkeys = passkeys
        self._policy = policy
        self._clock = clock

    async def by_password(self, email: str, password: str, code: str | None, visitor: Visitor) -> Outcome:
        """Sign in by password; a code given with it makes one step of two.

        Raises: `InvalidCredentials`, `WrongCode`, `TooManyAttempts`.
        """
        document = await self._sessions.check_password(email, password, visitor)
        if code and await self._factors.is_on(document["_id"]):
            await self._factors.use(document["_id"], code)
            return await self._open(document, visitor)
        return await self._proceed(document, visitor, "password")

    async def proceed(self, user: User, visitor: Visitor, proof: Proof, by: SignedInBy | None = None) -> Outcome:
        """Open a session for somebody who was proven, or ask for the second step; `by` is the provider, if one did it.

        Raises: `NotFound`.
        """
        document = await self._accounts.user(user.id)
        if document is None or not document["is_active"]:
            raise NotFound
        return await self._proceed(document, visitor, proof, by)

    async def _proceed(
        self, document: Document, visitor: Visitor, proof: Proof, by: SignedInBy | None = None
    ) -> Outcome:
        user = to_user(document)
        is_required = self._policy.asks(user)
        # A provider has factors of its own to ask for: ours only where the settings insist.
        if proof == "provider" and not is_required:
            return await self._open(document, visitor, by)
        if await self._factors.is_on(user.id):
            return await self._ask(document, "code", by)
        return await self._ask(document, "set-up", by) if is_required else await self._open(document, visitor, by)

    async def _ask(self, document: Document, step: Step, by: SignedInBy | None) -> Asked:
        secret, until = new_secret(), self._clock.now() + LIFETIMES[step]
        about = {"user_id": document["_id"], "epoch": document.get("epoch", 0), "step": step}
        about |= {"by": asdict(by)} if by else {}
        await self._steps.add_step({"_id": fingerprint(secret), **about, "expires_at": until})
        has_passkeys = step == "code" and await self._passkeys.exist(document["_id"])
        return Asked(to_user(document), step, secret, until, has_passkeys)

    async def pending(self, secret: str | None) -> NextStep | None:
        """Say what the browser with that cookie is asked for; None: nothing."""
        try:
            step, user = await self._get(secret)
        except SecondStepOver:
            return None
        has_passkeys = step["step"] == "code" and await self._passkeys.exist(user["_id"])
        about = {key: step[key] for key in ("step", "expires_at")}
        return NextStep(email=user["email"], has_passkeys=has_passkeys, **about)

    @staticmethod
    def step_id(secret: str | None) -> str:
        """Return what a second step is called, which does not tell its secret."""
        return fingerprint(secret or "")

    async def answer(self, secret: str | None, code: str, visitor: Visitor) -> Opened:
        """Finish a sign-in with a code. Raises: `SecondStepOver`, `WrongCode`, `TooManyAttempts`."""

        async def use(user_id: str) -> None:
            await self._factors.use(user_id, code)

        return await self.answer_by(secret, use, visitor)

    async def answer_by(self, secret: str | None, use: Callable[[str], Awaitable[None]], visitor: Visitor) -> Opened:
        """Finish a sign-in with whatever `use` takes for a code, or raises about. Raises: `SecondStepOver`."""
        step, user = await self._get(secret, "code")
        await use(user["_id"])
        return await self._finish(step, user, visitor)

    async def begin_set_up(self, secret: str | None) -> FactorOffer:
        """Offer a key to somebody who needs a second factor and has none. Raises: `SecondStepOver`."""
        _, user = await self._get(secret, "set-up")
        if await self._factors.is_on(user["_id"]):
            raise SecondStepOver  # it was set up elsewhere: whoever knows the password must not replace it
        return await self._factors.offer(to_user(user))

    async def finish_set_up(self, secret: str | None, code: str, visitor: Visitor) -> tuple[Opened, RecoveryCodes]:
        """Turn the factor on and sign in. Raises: `SecondStepOver`, `SetUpOver`, `WrongCode`, `TooManyAttempts`."""
        step, user = await self._get(secret, "set-up")
        codes = await self._factors.confirm_first(user["_id"], code)
        opened = await self._finish(step, user, visitor)
        await self._steps.remove_steps(user["_id"])
        return opened, codes

    async def give_up(self, secret: str | None) -> None:
        """Forget the second step."""
        await self._steps.take_step(fingerprint(secret or ""))

    async def who(self, secret: str | None) -> User | None:
        """Return whose second step a browser is at."""
        try:
            return to_user((await self._get(secret))[1])
        except SecondStepOver:
            return None

    async def _finish(self, step: Document, user: Document, visitor: Visitor) -> Opened:
        if not await self._steps.take_step(step["_id"]):
            raise SecondStepOver
        return await self._open(user, visitor, SignedInBy(**step["by"]) if step.get("by") else None)

    async def _open(self, document: Document, visitor: Visitor, by: SignedInBy | None = None) -> Opened:
        # The session is of the epoch that was read: a password that changed meanwhile leaves it worth nothing.
        return Opened(to_user(document), await self._sessions.open_for(document, visitor, by))

    async def _get(self, secret: str | None, kind: Step | None = None) -> tuple[Document, Document]:
        step = await self._steps.step(fingerprint(secret or ""), self._clock.now())
        user = await self._accounts.user(step["user_id"]) if step else None
        if step is None or user is None or not user["is_active"] or user.get("epoch", 0) != step["epoch"]:
            raise SecondStepOver
        if kind is not None and step["step"] != kind:
            raise SecondStepOver
        return step, user
