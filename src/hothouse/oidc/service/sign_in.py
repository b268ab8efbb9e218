"""Finishing a sign-in with what a provider answered."""

from dataclasses import dataclass

from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User
from hothouse.identity.service.sessions import SignedInBy
from hothouse.kit.trail import Who, current_trail
from hothouse.oidc.claims import ProviderPerson, is_complete, person_of
from hothouse.oidc.errors import ProviderRefused, SignInNotBegun, TokenNotValid
from hothouse.oidc.provider import Provider, Tokens
from hothouse.oidc.schemas import ProviderAnswer
from hothouse.oidc.service.admission import Admission
from hothouse.oidc.service.flows import Flow, Flows
from hothouse.oidc.service.memberships import Memberships
from hothouse.oidc.service.providers import Providers
from hothouse.oidc.service.sign_out import session_key
from hothouse.oidc.tokens import TokenChecks

LONGEST_HINT = 3_000  # it goes into an address when signing out


@dataclass(frozen=True, slots=True)
class Finished:
    """Who it is and where they were going; `by` is for the session to open, None if this only linked an identity."""

    user: User
    next: str
    by: SignedInBy | None


class SignIn:
    """Trusts nothing of an answer but what the provider signed for this flow and this platform."""

    def __init__(
        self,
        providers: Providers,
        flows: Flows,
        checks: TokenChecks,
        admission: Admission,
        memberships: Memberships,
    ) -> None:
        self._providers = providers
        self._flows = flows
        self._checks = checks
        self._admission = admission
        self._memberships = memberships

    async def finish(
        self, provider_id: str, answer: ProviderAnswer, browser: str | None, principal: Principal
    ) -> Finished:
        """Return who a provider signed in, after all its checks; see `Admission` for who may come in.

        Raises: `ProviderUnknown`, `SignInNotBegun`, `ProviderRefused`, `TokenNotValid`, `ProviderAway`, and what
        `Admission` raises.
        """
        provider = self._providers.get(provider_id)
        flow = await self._flows.take(provider, browser, answer.state)
        await _check_issuer(provider, answer.iss)
        if answer.error is not None or not answer.code:
            raise ProviderRefused(provider.name)
        tokens = await provider.exchange(answer.code, flow.verifier)
        person = await self._person(provider, tokens, flow.nonce)
        issuer = provider.settings.issuer
        if flow.session_id is not None:
            return await self._link(provider, issuer, person, flow, principal)
        user = await self._admission.account_of(provider, issuer, person)
        current_trail().by(Who(user.id, user.name, user.email, "session"))
        await self._memberships.follow(provider, user, person.groups)
        hint = tokens.id_token if len(tokens.id_token) <= LONGEST_HINT else None
        return Finished(user, flow.next, SignedInBy(provider.id, session_key(provider.id, person.session_id), hint))

    async def _person(self, provider: Provider, tokens: Tokens, nonce: str) -> ProviderPerson:
        claims = await self._checks.claims(provider, tokens, nonce)
        if not is_complete(provider.settings, claims) and tokens.access_token:
            more = await provider.userinfo(tokens.access_token)
            if more and more.get("sub") != claims["sub"]:
                raise TokenNotValid(provider.name, "it speaks of two people")
            claims = {**more, **claims}
        return person_of(provider.settings, claims)

    async def _link(
        self, provider: Provider, issuer: str, person: ProviderPerson, flow: Flow, principal: Principal
    ) -> Finished:
        """Link what came back to the account of the session that asked for it, and of no other."""
        user = principal.user
        if user is None or principal.session_id != flow.session_id:
            raise SignInNotBegun
        trail = current_trail()
        trail.by(Who(user.id, user.name, user.email, principal.via))
        trail.concerns("user", user.id, user.email)
        trail.change(after={"provider": provider.id, "identity": "linked"})
        await self._admission.link(provider, issuer, person, user)
        await self._memberships.follow(provider, user, person.groups)
        return Finished(user, flow.next, None)


async def _check_issuer(provider: Provider, said: str | None) -> None:
    """Make sure that no other provider answers (RFC 9207, against mix-up). Raises: `TokenNotValid`, `ProviderAway`."""
    metadata = await provider.metadata()
    if said is None and not metadata.says_issuer:
        return
    if said != metadata.issuer:
        raise TokenNotValid(provider.name, "the answer is another provider's")
