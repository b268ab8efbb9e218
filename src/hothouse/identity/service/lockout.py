"""Slowing down whoever guesses: a lock that lasts longer each time, by account and by address."""

from dataclasses import dataclass
from datetime import timedelta

from hothouse.identity.errors import TooManyAttempts
from hothouse.identity.repository import AttemptsRepository
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint

WINDOW = timedelta(minutes=15)
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=30)
FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Rule:
    """How many failures within the window lead to a lock, and how many more after a lock to the next, longer one."""

    name: str
    allowed: int
    allowed_after_lock: int


ACCOUNT = Rule("account", allowed=10, allowed_after_lock=3)
CODE = Rule("code", allowed=10, allowed_after_lock=3)
MAIL = Rule("mail", allowed=3, allowed_after_lock=1)
MAIL_ADDRESS = Rule("mail-address", allowed=20, allowed_after_lock=5)
ADDRESS = Rule("address", allowed=60, allowed_after_lock=10)


class Lockout:
    """Counts attempts in the database, so that neither a restart nor a second hub gives anybody a fresh start.

    An attempt is counted before it is looked at: many at once gain nothing. Accounts that do not exist are counted
    as those that do.
    """

    def __init__(self, repository: AttemptsRepository, clock: Clock) -> None:
        self._repository = repository
        self._clock = clock

    async def count(self, rule: Rule, subject: str) -> None:
        """Count an attempt. Raises: `TooManyAttempts` while locked, and when this is one too many."""
        key, now = self._key(rule, subject), self._clock.now()
        known = await self._repository.get(key)
        if known and known["locked_until"] > now:
            raise TooManyAttempts(_seconds(known["locked_until"] - now))
        if known and now - known["since"] > WINDOW:
            await self._repository.start_anew(key, known["since"], now)
        counted = await self._repository.count(key, now, now + FORGOTTEN_AFTER)
        if counted["locked_until"] > now:  # by another attempt, since this one looked
            await self._repository.forgive(key)
            raise TooManyAttempts(_seconds(counted["locked_until"] - now))
        if counted["count"] <= rule.allowed:
            return
        locks = counted["locks"]
        lasts = min(FIRST_LOCK * 2**locks, LONGEST_LOCK)
        await self._repository.lock(key, locks, now + lasts, rule.allowed - rule.allowed_after_lock)
        raise TooManyAttempts(_seconds(lasts))

    async def forgive(self, rule: Rule, subject: str) -> None:
        """Take back one attempt that was none of guessing."""
        await self._repository.forgive(self._key(rule, subject))

    async def forget(self, rule: Rule, subject: str) -> None:
        """Forget every attempt, and with them the locks there were."""
        await self._repository.forget(self._key(rule, subject))

    def _key(self, rule: Rule, subject: str) -> str:
        return f"{rule.name}:{fingerprint(subject)}"  # bounded in length, and no list of who has an account


def _seconds(left: timedelta) -> int:
    return max(1, int(left.total_seconds() + 0.999))
