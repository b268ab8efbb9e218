"""Which account opens to somebody whom a provider signed in: one that is linked, one with their address, a new one."""

from hothouse.database.connection import Document
from hothouse.identity.errors import EmailTaken
from hothouse.identity.factors.service import Factors
from hothouse.identity.schemas import User
from hothouse.identity.service import Accounts, Invitations
from hothouse.identity.service.accounts import AccountStanding
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id
from hothouse.kit.trail import current_trail
from hothouse.oidc.claims import ProviderPerson
from hothouse.oidc.errors import AccountClosed, EmailNotVerified, IdentityTaken, LinkByHand, NotAdmitted, ProviderAway
from hothouse.oidc.provider import Provider
from hothouse.oidc.repository import IdentitiesRepository

ATTEMPTS = 3


class Admission:
    """Decides by what the provider vouches for and its settings allow."""

    def __init__(
        self,
        identities: IdentitiesRepository,
        accounts: Accounts,
        invitations: Invitations,
        factors: Factors,
        clock: Clock,
    ) -> None:
        self._identities = identities
        self._accounts = accounts
        self._invitations = invitations
        self._factors = factors
        self._clock = clock

    async def account_of(self, provider: Provider, issuer: str, person: ProviderPerson) -> User:
        """Return the account that opens to a person; it may be made, or linked, for that.

        Raises: `AccountClosed`, `EmailNotVerified`, `NotAdmitted`, `LinkByHand`.
        """
        for _ in range(ATTEMPTS):  # again when the same person came twice at the same moment
            identity = await self._identities.of_subject(provider.id, issuer, person.subject)
            if identity is not None:
                if user := await self._known(provider, person, identity):
                    return user
                continue
            _check_address(provider, person)
            try:
                user = await self._by_address(provider, person)
            except EmailTaken:
                continue
            if await self._add(provider, issuer, person, user):
                return user
        raise ProviderAway(provider.name)

    async def link(self, provider: Provider, issuer: str, person: ProviderPerson, user: User) -> None:
        """Let an identity open an account from now on; its address may be another than the account's.

        Raises: `IdentityTaken`, `NotAdmitted`.
        """
        _check_domain(provider, person)
        if not await self._add(provider, issuer, person, user):
            identity = await self._identities.of_subject(provider.id, issuer, person.subject)
            if identity is None or identity["user_id"] != user.id:
                raise IdentityTaken(provider.name)
        if person.is_verified and person.email == user.email:
            await self._accounts.note_email_proven(user.id)

    async def _known(self, provider: Provider, person: ProviderPerson, identity: Document) -> User | None:
        """Return the account that is linked; None when there is none any more."""
        standing = await self._accounts.standing(identity["user_id"])
        if standing is None:
            await self._identities.remove(identity["user_id"], identity["_id"])
            return None
        _tell(provider, standing.user, "opened")
        if not standing.is_active:
            raise AccountClosed
        _check_domain(provider, person)
        await self._identities.note_use(identity["_id"], self._clock.now(), person.email)
        return standing.user

    async def _by_address(self, provider: Provider, person: ProviderPerson) -> User:
        email = person.email or ""
        standing = await self._accounts.standing_by_email(email)
        if standing is not None:
            _tell(provider, standing.user, "linked")
            await self._check_linkable(provider, standing)
            return standing.user
        user = await self._invitations.accept_proven(person.name, email)
        if user is None:
            if provider.settings.sign_up != "open":
                raise NotAdmitted(email)
            user = await self._accounts.admit(person.name, email, provider.settings.role)
        _tell(provider, user, "made")
        return user

    async def _check_linkable(self, provider: Provider, standing: AccountStanding) -> None:
        if not standing.is_active:
            raise AccountClosed
        # An address that nobody vouches for may have been taken by somebody who waits for its owner to walk in. And an
        # account with a second factor asks for more than an address.
        is_enough = provider.settings.link_by_email and standing.is_email_proven
        if not is_enough or await self._factors.is_on(standing.user.id):
            raise LinkByHand(standing.user.email, provider.name)

    async def _add(self, provider: Provider, issuer: str, person: ProviderPerson, user: User) -> bool:
        now = self._clock.now()
        return await self._identities.add(
            {
                "_id": new_id(),
                "provider": provider.id,
                "issuer": issuer,
                "subject": person.subject,
                "user_id": user.id,
                "email": person.email,
                "created_at": now,
                "last_used_at": now,
            }
        )


def _check_address(provider: Provider, person: ProviderPerson) -> None:
    """Raises: `EmailNotVerified`, `NotAdmitted`."""
    current_trail().concerns("user", None, person.email)
    if not person.is_verified:
        raise EmailNotVerified(provider.name)
    _check_domain(provider, person)


def _check_domain(provider: Provider, person: ProviderPerson) -> None:
    """Raises: `NotAdmitted` for somebody of another domain than those allowed."""
    allowed = provider.settings.allowed_domains
    if allowed and not (person.is_verified and person.domain in allowed):
        raise NotAdmitted(person.email or person.name, is_domain=True)


def _tell(provider: Provider, user: User, how: str) -> None:
    trail = current_trail()
    trail.about[:] = [thing for thing in trail.about if thing.kind != "user"]
    trail.concerns("user", user.id, user.email)
    trail.change(after={"provider": provider.id, "account": how})
