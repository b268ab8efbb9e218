"""Changing a password, choosing a first one, and doing without."""

from hothouse.database.connection import Document
from hothouse.identity.errors import WrongPassword
from hothouse.identity.passwords import Passwords
from hothouse.identity.principal import Principal
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.service.proofs import Proofs
from hothouse.identity.service.sessions import Sessions


class Credentials:
    """Replaces passwords; whatever was signed in by the former one ends."""

    def __init__(
        self, repository: IdentityRepository, passwords: Passwords, proofs: Proofs, sessions: Sessions
    ) -> None:
        self._repository = repository
        self._passwords = passwords
        self._proofs = proofs
        self._sessions = sessions

    async def change(self, principal: Principal, current: str | None, new: str) -> None:
        """Change the caller's password and end all sessions but this one; API tokens stay.

        An account without a password gets one instead, within ten minutes of a sign-in.

        Raises: `WrongPassword` if `current` is not the password, `TooManyAttempts`, `ProofNeeded`.
        """
        document = await self._document(principal)
        has_password = document["password_hash"] is not None
        if has_password and current is None:
            raise WrongPassword
        await self._proofs.demand(principal, current if has_password else None)
        await self._replace(principal, document, await self._passwords.hash(new))

    async def remove(self, principal: Principal) -> None:
        """Leave the caller's account without a password, and end all sessions but this one; API tokens stay.

        Raises: `WrongPassword` if it was changed at the same moment.
        """
        document = await self._document(principal)
        if document["password_hash"] is not None:
            await self._replace(principal, document, None)

    async def _document(self, principal: Principal) -> Document:
        document = await self._repository.user(principal.user_id or "")
        if document is None:
            raise WrongPassword
        return document

    async def _replace(self, principal: Principal, document: Document, password_hash: str | None) -> None:
        user_id, epoch = document["_id"], document.get("epoch", 0) + 1
        if principal.session_id:  # before the epoch changes: this session must not fail meanwhile
            await self._repository.carry_over_session(principal.session_id, epoch)
        if not await self._repository.change_password(user_id, document["password_hash"], password_hash, epoch):
            raise WrongPassword  # it was changed at the same moment
        await self._sessions.end_others(user_id, principal.session_id)
