"""MongoDB users that may touch a single database each: the second line of defence, behind the broker's own checks.

Their names and passwords are derived, so that nothing has to be stored and every broker of an installation comes by the
same ones. A retried write must come from the user that sent it first, also after a restart of the broker.
"""

import base64
import hmac
from enum import StrEnum
from typing import Any

import structlog
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure, PyMongoError, WriteConcernError

from hothouse.broker.errors import UpstreamError
from hothouse.broker.scram import MECHANISM, ClientLogin
from hothouse.broker.upstream.login import Login
from hothouse.broker.upstream.shared import Shared

log = structlog.get_logger(__name__)

Client = AsyncMongoClient[dict[str, Any]]


class Access(StrEnum):
    """What a user may do with its database."""

    OWN = "own"
    READ = "read"


_ROLES = {Access.OWN: ("readWrite", "dbAdmin"), Access.READ: ("read",)}
_SOURCE = "admin"
_NO_SUCH_USER = 11
_USER_EXISTS = frozenset((51003, 11000))
_PASSING = frozenset(
    (6, 7, 18, 24, 46, 50, 64, 79, 89, 91, 112, 133, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436)
)
"""Codes of errors that say nothing about what MongoDB allows: it is away or busy, or did not let the platform in."""


class DatabaseUsers:
    """Makes the users, each on its first use, with passwords derived from `key`.

    Where that cannot be, the platform's own user is used for everything and `unavailable_reason` says why.
    """

    def __init__(self, client: Client, key: bytes | None) -> None:
        self.unavailable_reason: str | None = None
        self._client = client
        self._key = key
        self._logins: dict[tuple[str, Access], Login] = {}
        self._attempts: Shared[Login | None] = Shared()

    async def ensure(self, database: str, access: Access) -> Login | None:
        """Return the login of the user that may do this on the database; None: the platform's own.

        The user is there, but may turn out to have another password: see `mend`. Raises: UpstreamError.
        """
        login = self._logins.get((database, access))
        if login is not None or self.unavailable_reason is not None:
            return login
        return await self._attempts.run((database, access), lambda: self._establish(database, access))

    async def mend(self, database: str, access: Access, refused: Login) -> Login | None:
        """Set the user's password and roles anew, because MongoDB refused this login.

        Raises: UpstreamError.
        """
        current = self._logins.get((database, access))
        if current is not refused:
            return await self.ensure(database, access)
        return await self._attempts.run(
            (database, access), lambda: self._establish(database, access, is_password_wrong=True)
        )

    def forget(self, database: str) -> None:
        """Know nothing of the users of this database."""
        for access in Access:
            self._logins.pop((database, access), None)

    async def _establish(self, database: str, access: Access, *, is_password_wrong: bool = False) -> Login | None:
        self._logins.pop((database, access), None)
        try:
            if (reason := self._reason_against()) is None:
                login = await self._make(database, access, is_password_wrong=is_password_wrong)
                self._logins[database, access] = login
                return login
        except OperationFailure as error:
            if _is_passing(error):
                raise UpstreamError(f"MongoDB's user for {database} cannot be made now: {error}") from error
            reason = (
                f"MongoDB does not let the platform's user manage users ({_first_line(error)}). Give it the role "
                "userAdminAnyDatabase, then restart the broker."
            )
        except PyMongoError as error:
            raise UpstreamError(f"MongoDB does not answer: {error}") from error
        if self.unavailable_reason is None:
            self.unavailable_reason = reason
            log.warning("upstream-users-unavailable", reason=reason)
        return None

    def _reason_against(self) -> str | None:
        """Say why there can be no users at all, whatever MongoDB allows."""
        if self._key is None:
            return "HOTHOUSE_BROKER_KEY is not set, and passwords of MongoDB's users are derived from it."
        # PyMongo has no public accessor for this.
        if self._client.options.pool_options._credentials is None:  # noqa: SLF001
            return "HOTHOUSE_MONGODB_URI names no user: a MongoDB without access control cannot tell users apart."
        return None

    async def _make(self, database: str, access: Access, *, is_password_wrong: bool) -> Login:
        name, password = user_name(database, access), self._password(database, access)
        roles = [{"role": role, "db": database} for role in _ROLES[access]]
        wanted = {"pwd": password, "roles": roles, "mechanisms": [MECHANISM]}
        admin = self._client[_SOURCE]
        found = (await admin.command({"usersInfo": {"user": name, "db": _SOURCE}}))["users"]
        if not found:
            await _create(admin, name, wanted)
        elif is_password_wrong or not _are_same(found[0]["roles"], roles):
            log.info("upstream-user-mended", user=name)
            await admin.command({"updateUser": name, **wanted})
        return Login(name, _SOURCE, ClientLogin(name, password))

    def _password(self, database: str, access: Access) -> str:
        code = hmac.digest(self._key or b"", f"{database}/{access}".encode(), "sha256")
        return base64.urlsafe_b64encode(code).decode().rstrip("=")


def user_name(database: str, access: Access) -> str:
    """Return the name of the user that may do this on the database."""
    return f"{database}.{access}"


async def drop_users(client: Client, database: str) -> None:
    """Remove the users of a deleted database; harmless when there are none.

    One that MongoDB does not let the platform remove is left, and logged: nobody can sign in as it but the broker.
    """
    for access in Access:
        name = user_name(database, access)
        try:
            await client[_SOURCE].command({"dropUser": name})
        except OperationFailure as error:
            if error.code != _NO_SUCH_USER:
                log.warning("upstream-user-left", user=name, reason=_first_line(error))


async def _create(admin: AsyncDatabase[dict[str, Any]], name: str, wanted: dict[str, Any]) -> None:
    try:
        await admin.command({"createUser": name, **wanted})
    except OperationFailure as error:
        if error.code not in _USER_EXISTS:  # another broker was quicker, and comes by the same password
            raise


def _are_same(roles: list[dict[str, Any]], others: list[dict[str, Any]]) -> bool:
    return {(role["role"], role["db"]) for role in roles} == {(role["role"], role["db"]) for role in others}


def _is_passing(error: OperationFailure) -> bool:
    return error.code in _PASSING or error.timeout or isinstance(error, WriteConcernError)


def _first_line(error: OperationFailure) -> str:
    """Return MongoDB's own words, without the document that PyMongo appends."""
    return str((error.details or {}).get("errmsg") or error)
