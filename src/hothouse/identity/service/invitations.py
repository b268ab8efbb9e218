"""Invitations: single-use links by which people make accounts of their own."""

from datetime import timedelta

from hothouse.database.connection import Document
from hothouse.identity.errors import EmailTaken, LinkInvalid
from hothouse.identity.repository import LinksRepository
from hothouse.identity.schemas import (
    Acceptance,
    Invitation,
    InvitationOffer,
    IssuedInvitation,
    NewInvitation,
    NewUser,
    User,
)
from hothouse.identity.service.accounts import Accounts
from hothouse.identity.service.letters import Letters
from hothouse.kit.clock import Clock
from hothouse.kit.ids import fingerprint, new_id, new_secret
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import FieldProblem, Invalid, NotFound


class Invitations:
    """Makes, lists, revokes and accepts invitations. Their codes stand behind `#`, which browsers send to nobody."""

    def __init__(
        self, links: LinksRepository, accounts: Accounts, letters: Letters, clock: Clock, main_url: str
    ) -> None:
        self._links = links
        self._accounts = accounts
        self._letters = letters
        self._clock = clock
        self._main_url = main_url

    async def invite(self, new: NewInvitation, by: User) -> IssuedInvitation:
        """Make an invitation, and send it. Raises: `EmailTaken` if its address has an account."""
        if new.email and await self._accounts.by_email(new.email):
            raise EmailTaken(new.email)
        made = await self.offer(new, by)
        is_mailed = bool(made.email) and await self._letters.invitation(made.email or "", made.url)
        return made.model_copy(update={"is_mailed": is_mailed})

    async def offer(self, new: NewInvitation, by: User | None) -> IssuedInvitation:
        """Make an invitation that nobody is told of."""
        email = new.email.lower() if new.email else None
        code, now = new_secret(), self._clock.now()
        invitation = {
            "_id": new_id(),
            "code_hash": fingerprint(code),
            "email": email,
            "role": new.role,
            "state": "open",
            "invited_by": by.id if by else None,
            "created_at": now,
            "expires_at": now + timedelta(hours=new.expires_in_hours),
        }
        await self._links.add_invitation(invitation)
        shown = self._to_invitation(invitation, {by.id: by} if by else {})
        return IssuedInvitation(**shown.model_dump(), url=f"{self._main_url}/invitation#{code}", is_mailed=False)

    async def page(self, paging: PageRequest) -> Page[Invitation]:
        """Return invitations, the newest first."""
        before = paging.after_time
        found = await self._links.invitations_page(before, paging.limit + 1)
        named = {str(one[key]) for one in found for key in ("invited_by", "accepted_by") if one.get(key)}
        people = await self._accounts.get_many(named)
        shown = [self._to_invitation(one, people) for one in found[: paging.limit]]
        more = len(found) > paging.limit
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].created_at.isoformat()) if more else None)

    async def revoke(self, invitation_id: str) -> None:
        """Make an invitation useless. Raises: `NotFound` if there is none that is open."""
        if not await self._links.remove_invitation(invitation_id):
            raise NotFound("There is no such invitation, or it was accepted already.")

    async def look_at(self, code: str) -> InvitationOffer:
        """Say what an invitation is good for. Raises: `LinkInvalid`."""
        found = await self._get(code)
        inviter = await self._accounts.get(found["invited_by"]) if found["invited_by"] else None
        return InvitationOffer(
            invited_by=inviter.name if inviter else None, **{key: found[key] for key in ("email", "role", "expires_at")}
        )

    async def accept(self, acceptance: Acceptance) -> User:
        """Make the account that an invitation is for. Raises: `LinkInvalid`, `EmailTaken`, `Invalid`."""
        found = await self._get(acceptance.code)
        email = _address(found["email"], acceptance.email)
        if not await self._links.claim_invitation(found["code_hash"], self._clock.now()):
            raise LinkInvalid
        new = NewUser(name=acceptance.name, email=email, password=acceptance.password, role=found["role"])
        is_proven = found["email"] is not None and (found["invited_by"] is not None or self._letters.are_sent)
        try:
            user = await self._accounts.create(new, is_email_proven=is_proven)
        except EmailTaken:
            await self._links.give_back_invitation(found["_id"])
            raise
        await self._links.note_accepted(found["_id"], user.id)
        return user

    async def accept_proven(self, name: str, email: str) -> User | None:
        """Make the account of somebody whose address is proven, without a password; None if it was not invited.

        Raises: `EmailTaken`.
        """
        found = await self._links.invitation_for(email, self._clock.now())
        if found is None or not await self._links.claim_invitation(found["code_hash"], self._clock.now()):
            return None
        try:
            user = await self._accounts.admit(name, email, found["role"])
        except EmailTaken:
            await self._links.give_back_invitation(found["_id"])
            raise
        await self._links.note_accepted(found["_id"], user.id)
        return user

    async def _get(self, code: str) -> Document:
        found = await self._links.invitation(fingerprint(code), self._clock.now())
        if found is None:
            raise LinkInvalid
        return found

    def _to_invitation(self, found: Document, people: dict[str, User]) -> Invitation:
        inviter, accepter = people.get(found["invited_by"] or ""), people.get(found.get("accepted_by", ""))
        is_over = found["state"] == "open" and found["expires_at"] <= self._clock.now()
        return Invitation(
            id=found["_id"],
            state="expired" if is_over else found["state"],
            invited_by=inviter.name if inviter else None,
            accepted_by=accepter.email if accepter else None,
            **{key: found[key] for key in ("email", "role", "created_at", "expires_at")},
        )


def _address(invited: str | None, given: str | None) -> str:
    """Return the address of the account to be. Raises: `Invalid`."""
    if invited is None and given is not None:
        return given.lower()
    if invited is not None and (given is None or given.lower() == invited):
        return invited
    message = f"This invitation is for {invited} only." if invited else "Say your e-mail address."
    raise Invalid(message, errors=[FieldProblem(pointer="/email", message=message)])
