"""Choosing who decides about permissions, by setting."""

from hothouse.access import repository as access_repository
from hothouse.access.backends.casbin import CasbinAuthorizer
from hothouse.access.backends.openfga import OpenFgaAuthorizer, OpenFgaClient
from hothouse.access.backends.openfga.sync import Compared
from hothouse.access.interfaces import Authorizer
from hothouse.access.kinds import Kinds
from hothouse.access.policies import Policies
from hothouse.database.connection import connect
from hothouse.hub.kinds import all_kinds
from hothouse.kit.clock import Clock, SystemClock
from hothouse.settings import Settings


def make_authorizer(settings: Settings, kinds: Kinds, policies: Policies, clock: Clock) -> Authorizer:
    """Return the authorizer that the settings name."""
    openfga = settings.access.openfga
    if openfga is None:
        return CasbinAuthorizer(kinds, policies, clock)
    url, store_id, token = openfga
    return OpenFgaAuthorizer(kinds, policies, clock, OpenFgaClient(url, store_id, token))


async def compare(settings: Settings) -> Compared | None:
    """Make OpenFGA what the database says; None where the hub decides by itself.

    Raises: `AccessUndecided`, `DatabaseUnreachable`, `PyMongoError`.
    """
    clock = SystemClock()
    async with connect(settings, app_name="access-sync") as client:
        database = client[settings.mongodb.database]
        policies = Policies()
        authorizer = make_authorizer(settings, all_kinds(database, clock), policies, clock)
        if not isinstance(authorizer, OpenFgaAuthorizer):
            return None
        try:
            policies.replace([policy async for policy in access_repository.PoliciesRepository(database).all()])
            return await authorizer.compare()
        finally:
            await authorizer.close()
