"""An authenticator app, as a test has it."""

from datetime import timedelta
from typing import Any

import httpx2
from tests.support.moving_clock import MovingClock

from hothouse.identity.factors import totp
from hothouse.kit.clock import Clock

FACTOR = "/api/v1/account/second-factor"


class Phone:
    """Makes codes; with a moving clock each call waits, on that, for one that was not used yet."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.key = ""
        self.recovery_codes: list[str] = []

    def code(self) -> str:
        if isinstance(self.clock, MovingClock):
            self.clock.advance(seconds=2 * totp.STEP_SECONDS)
        return self.shown()

    def shown(self, steps: int = 0) -> str:
        """Return the code of now, or of some steps later."""
        moment = self.clock.now() + timedelta(seconds=steps * totp.STEP_SECONDS)
        return totp.code_at(self.key, totp.step_at(moment))

    async def set_up(self, client: httpx2.AsyncClient, password: str) -> None:
        """Turn the second factor of whoever is signed in on."""
        offer = await client.post(FACTOR, json={"current_password": password})
        assert offer.status_code == 201, offer.text
        self.key = offer.json()["key"]
        done: Any = await client.post(f"{FACTOR}/confirm", json={"code": self.code()})
        assert done.status_code == 200, done.text
        self.recovery_codes = done.json()["recovery_codes"]
