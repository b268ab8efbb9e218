"""Devices that ask, people who decide, and the API token that comes of it."""

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from hothouse.database.connection import Document
from hothouse.identity.device_login.errors import (
    AccessDenied,
    AuthorizationPending,
    BrowserNeeded,
    DeviceCodeExpired,
    DeviceCodeUnknown,
    SlowDown,
)
from hothouse.identity.device_login.repository import DeviceLoginsRepository
from hothouse.identity.device_login.schemas import (
    DeviceApproval,
    DeviceCode,
    DeviceRequest,
    DeviceToken,
    NewDeviceLogin,
)
from hothouse.identity.devices import LONGEST, Visitor, browser_of, system_of
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import Device, NewToken, Token
from hothouse.identity.service.accounts import to_user
from hothouse.identity.service.lockout import Lockout, Rule
from hothouse.identity.service.tokens import Tokens
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_secret
from hothouse.kit.problems import FieldProblem, Invalid, NotFound

LIFETIME = timedelta(minutes=10)
INTERVAL_SECONDS = 2
SLOWER_BY_SECONDS = 5  # RFC 8628, section 3.5
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowels, so no words; RFC 8628, section 6.1
GROUP = 4
BEGINNING = Rule("device-begin", allowed=20, allowed_after_lock=5)
GUESSING = Rule("device-code", allowed=10, allowed_after_lock=3)


class DeviceLogins:
    """Keeps devices waiting until somebody signed in decides. Codes are short-lived, and work once."""

    def __init__(
        self,
        repository: DeviceLoginsRepository,
        accounts: IdentityRepository,
        tokens: Tokens,
        lockout: Lockout,
        clock: Clock,
        main_url: str,
    ) -> None:
        self._repository = repository
        self._accounts = accounts
        self._tokens = tokens
        self._lockout = lockout
        self._clock = clock
        self._main_url = main_url

    async def begin(self, new: NewDeviceLogin, visitor: Visitor) -> DeviceCode:
        """Let a device wait. Raises: `TooManyAttempts` for one of very many from an address."""
        await self._lockout.count(BEGINNING, visitor.address)
        device_code, user_code, now = new_secret(), _new_user_code(), self._clock.now()
        await self._repository.add(
            {
                "_id": fingerprint(device_code),
                "user_code_hash": _hash_of(user_code),
                "state": "pending",
                "asked": new.model_dump(),
                "address": visitor.address,
                "user_agent": visitor.user_agent[:LONGEST],
                "requested_at": now,
                "expires_at": now + LIFETIME,
                "last_poll_at": None,
                "interval": INTERVAL_SECONDS,
            }
        )
        return DeviceCode(
            device_code=device_code,
            user_code=user_code,
            verification_uri=f"{self._main_url}/device",
            verification_uri_complete=f"{self._main_url}/device?code={user_code}",
            expires_in=int(LIFETIME.total_seconds()),
            interval=INTERVAL_SECONDS,
        )

    async def poll(self, device_code: str) -> DeviceToken:
        """Give the device its token, once. Raises: `PollAnswer`."""
        login = await self._repository.get(fingerprint(device_code), self._clock.now())
        if login is None:
            raise DeviceCodeExpired
        if login["state"] == "pending":
            raise await self._not_yet(login)
        if not await self._repository.take(login["_id"], login["state"]):
            raise DeviceCodeExpired
        if login["state"] == "denied":
            raise AccessDenied
        return await self._issue(login)

    async def _not_yet(self, login: Document) -> SlowDown | AuthorizationPending:
        now, last, interval = self._clock.now(), login["last_poll_at"], int(login["interval"])
        is_early = last is not None and now - last < timedelta(seconds=interval)
        interval += SLOWER_BY_SECONDS if is_early else 0
        await self._repository.note_poll(login["_id"], now, interval)
        return SlowDown(interval) if is_early else AuthorizationPending()

    async def _issue(self, login: Document) -> DeviceToken:
        document = await self._accounts.user(login["user_id"])
        if document is None or not document["is_active"] or document.get("epoch", 0) != login["epoch"]:
            raise DeviceCodeExpired
        user = to_user(document)
        made = await self._tokens.issue(user, NewToken.model_validate(login["granted"]))
        left = made.expires_at - self._clock.now() if made.expires_at else None
        return DeviceToken(
            access_token=made.token,
            scope=" ".join(made.scopes) if made.scopes else None,
            expires_in=int(left.total_seconds()) if left else None,
            token=Token.model_validate(made.model_dump(exclude={"token"})),
            user=user,
        )

    async def look_at(self, principal: Principal, user_code: str, visitor: Visitor) -> DeviceRequest:
        """Say what the device with a code asks for. Raises: `DeviceCodeUnknown`, `TooManyAttempts`."""
        login = await self._get(principal, user_code)
        agent, asked = login["user_agent"], login["asked"]
        return DeviceRequest(
            user_code=_written(user_code),
            device=Device(browser=browser_of(agent), system=system_of(agent)),
            is_same_address=login["address"] == visitor.address,
            **{key: asked[key] for key in ("device_name", "scopes", "expires_in_days")},
            **{key: login[key] for key in ("address", "requested_at", "expires_at")},
        )

    async def approve(self, principal: Principal, approval: DeviceApproval) -> None:
        """Let the device have a token of the caller's.

        Raises: `BrowserNeeded`, `DeviceCodeUnknown`, `TooManyAttempts`, `Invalid` for more than it asked for.
        """
        login = await self._get(principal, approval.user_code)
        _check_scopes(login["asked"]["scopes"], approval.scopes)
        document = await self._accounts.user(principal.user_id or "")
        if document is None:
            raise NotFound
        granted = {
            "name": approval.device_name,
            "scopes": approval.scopes,
            "expires_in_days": approval.expires_in_days,
        }
        whose = {"user_id": document["_id"], "epoch": document.get("epoch", 0)}
        if not await self._repository.decide(login["_id"], {"state": "approved", "granted": granted, **whose}):
            raise DeviceCodeUnknown

    async def deny(self, principal: Principal, user_code: str) -> str:
        """Refuse the device, and return what it called itself. Raises: as `approve`."""
        login = await self._get(principal, user_code)
        if not await self._repository.decide(login["_id"], {"state": "denied"}):
            raise DeviceCodeUnknown
        return str(login["asked"]["device_name"])

    async def _get(self, principal: Principal, user_code: str) -> Document:
        if principal.via != "session":
            raise BrowserNeeded
        await self._lockout.count(GUESSING, principal.user_id or "")
        login = await self._repository.by_user_code(_hash_of(user_code), self._clock.now())
        if login is None:
            raise DeviceCodeUnknown
        await self._lockout.forgive(GUESSING, principal.user_id or "")
        return login


def _check_scopes(asked: Sequence[str] | None, granted: Sequence[str] | None) -> None:
    if asked is None or (granted is not None and set(granted) <= set(asked)):
        return
    message = f"The device asked for no more than {', '.join(asked)}."
    raise Invalid(message, errors=[FieldProblem(pointer="/scopes", message=message)])


def _new_user_code() -> str:
    return _written("".join(secrets.choice(LETTERS) for _ in range(2 * GROUP)))


def _plain(user_code: str) -> str:
    return re.sub(r"[^A-Z]", "", user_code.upper())


def _written(user_code: str) -> str:
    plain = _plain(user_code)
    return f"{plain[:GROUP]}-{plain[GROUP:]}"


def _hash_of(user_code: str) -> str:
    return fingerprint(_plain(user_code))
