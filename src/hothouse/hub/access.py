"""Making access: its parts, and the kinds of things that it holds itself; features register theirs."""

from collections.abc import Awaitable, Callable

from hothouse.access import repository
from hothouse.access.dependencies import AccessServices
from hothouse.access.policies import Policies
from hothouse.access.service import AccessContext, Expiry, PolicyFeed
from hothouse.apps.sharing import resource_of
from hothouse.database.changes import Changes
from hothouse.database.connection import Database, Document
from hothouse.hub.authorizing import make_authorizer
from hothouse.hub.kinds import all_kinds
from hothouse.identity.dependencies import IdentityServices
from hothouse.kit.clock import Clock
from hothouse.settings import Settings

WATCHED = ("grants", "groups", "memberships", "roles", "access_requests")


def make_access(settings: Settings, database: Database, clock: Clock, identity: IdentityServices) -> AccessServices:
    """Make it; nothing is decided before its feed has loaded."""
    groups = repository.GroupsRepository(database)
    kinds, policies = all_kinds(database, clock), Policies()
    authorizer = make_authorizer(settings, kinds, policies, clock)
    context = AccessContext(
        clock=clock,
        grants=repository.GrantsRepository(database),
        groups=groups,
        roles=repository.RolesRepository(database),
        kinds=kinds,
        policies=policies,
        feed=PolicyFeed(repository.PoliciesRepository(database), policies, authorizer),
        authorizer=authorizer,
        people=identity.people,
    )
    return AccessServices.make(context, repository.RequestsRepository(database), identity.letters, settings.main_url)


def make_expiry(access: AccessServices, changes: Changes) -> Expiry:
    """Make what watches for grants that run out."""
    context = access.context
    return Expiry(context.grants, context.policies, context.feed, changes, context.clock)


def unshare(access: AccessServices) -> Callable[[Document], Awaitable[None]]:
    """Return what leaves nothing of who had rights on an app."""

    async def forget(app: Document) -> None:
        await access.sharing.forget(resource_of(app))

    return forget
