"""What strangers can begin by themselves: registering, and getting a new password."""

from hothouse.identity.devices import Visitor
from hothouse.identity.errors import RegistrationClosed
from hothouse.identity.repository import IdentityRepository
from hothouse.identity.schemas import NewInvitation, RegistrationAnswer, SignInOptions
from hothouse.identity.service.invitations import Invitations
from hothouse.identity.service.letters import Letters
from hothouse.identity.service.lockout import MAIL, MAIL_ADDRESS, Lockout
from hothouse.identity.service.resets import Resets
from hothouse.kit.problems import FieldProblem, Invalid
from hothouse.settings import RegistrationSettings


class Registration:
    """Answers strangers the same, and in the same time, whether an address has an account or not."""

    def __init__(
        self,
        repository: IdentityRepository,
        invitations: Invitations,
        resets: Resets,
        letters: Letters,
        lockout: Lockout,
        settings: RegistrationSettings,
    ) -> None:
        self._repository = repository
        self._invitations = invitations
        self._resets = resets
        self._letters = letters
        self._lockout = lockout
        self._settings = settings

    def options(self) -> SignInOptions:
        """Say what strangers can do."""
        domains = self._settings.domains if self._settings.open else []
        return SignInOptions(registration=self._settings.open, domains=domains, mail=self._letters.are_sent)

    async def register(self, email: str, visitor: Visitor) -> RegistrationAnswer:
        """Send a link to make an account to an address, or, where no mail is sent, give its code at once.

        Raises: `RegistrationClosed`, `Invalid` for an address of another domain, `TooManyAttempts`.
        """
        if not self._settings.open:
            raise RegistrationClosed
        email = email.lower()
        if self._settings.domains and email.rpartition("@")[2] not in self._settings.domains:
            message = f"Only addresses at {', '.join(self._settings.domains)} can register."
            raise Invalid(message, errors=[FieldProblem(pointer="/email", message=message)])
        await self._count(email, visitor)
        invitation = await self._invitations.offer(NewInvitation(email=email, expires_in_hours=24), None)
        if not self._letters.are_sent:
            return RegistrationAnswer(code=invitation.url.partition("#")[2])
        is_known = await self._repository.user_by_email(email) is not None
        letters = self._letters
        letters.later(letters.has_account(email) if is_known else letters.invitation(email, invitation.url))
        return RegistrationAnswer(code=None)

    async def forgotten(self, email: str, visitor: Visitor) -> None:
        """Send a reset link to an address that has an account; where no mail is sent, an admin has to make one.

        Raises: `TooManyAttempts`.
        """
        email = email.lower()
        await self._count(email, visitor)
        if self._letters.are_sent:
            self._letters.later(self._send_reset(email))

    async def _send_reset(self, email: str) -> bool:
        user = await self._repository.user_by_email(email)
        if user is None or not user["is_active"]:
            return False
        return (await self._resets.issue(user["_id"])).is_mailed

    async def _count(self, email: str, visitor: Visitor) -> None:
        await self._lockout.count(MAIL_ADDRESS, visitor.address)
        await self._lockout.count(MAIL, email)
