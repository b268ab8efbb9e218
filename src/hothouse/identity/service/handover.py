"""Handing a sign-in over from the main origin to an app's own origin, by a single-use code."""

from datetime import timedelta
from hmac import compare_digest

from hothouse.identity.errors import HandoverRefused
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.service.sessions import Sessions
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_secret

CODE_LIFETIME = timedelta(seconds=60)


class Handovers:
    """Gives codes out on the main origin and redeems them for a session on an app's origin.

    A code is bound to the app and to a random state that only the visitor's browser holds on the app's origin, so
    that nobody can plant their own sign-in in somebody else's browser.
    """

    def __init__(self, repository: IdentityRepository, sessions: Sessions, clock: Clock) -> None:
        self._repository = repository
        self._sessions = sessions
        self._clock = clock

    async def give(self, principal: Principal, app_id: str, state: str) -> str:
        """Return a code that stands for the signed-in person, for one app, once, for 60 seconds."""
        assert principal.session_id is not None  # noqa: S101 -- the route asks for a session
        code = new_secret()
        await self._repository.add_handover(
            {
                "_id": fingerprint(code),
                "session_id": principal.session_id,
                "user_id": principal.user_id,
                "app_id": app_id,
                "state_hash": fingerprint(state),
                "expires_at": self._clock.now() + CODE_LIFETIME,
                "is_used": False,
            }
        )
        return code

    async def redeem(self, code: str, app_id: str, state: str) -> str:
        """Use a code up and return the secret of a session on the app's origin.

        Raises: `HandoverRefused` for a code that is unknown, used, expired, for another app or another browser.
        """
        handover = await self._repository.take_handover(fingerprint(code), self._clock.now())
        if (
            handover is None
            or handover["app_id"] != app_id
            or not compare_digest(handover["state_hash"], fingerprint(state))
            or not await self._sessions.is_open(handover["session_id"])
        ):
            raise HandoverRefused
        return await self._sessions.open_for_app(handover["user_id"], app_id, handover["session_id"])
