"""What the verbs of this feature work with."""

from dataclasses import dataclass

from hothouse.access.interfaces import Action, Authorizer
from hothouse.apps.service.context import resource_of
from hothouse.apps.service.directory import Directory
from hothouse.broker.credentials import CredentialStore
from hothouse.data.repository import GrantsRepository, UsageRepository
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.identity.service import Accounts
from hothouse.kit.clock import Clock
from hothouse.settings import Settings


@dataclass(frozen=True, slots=True)
class DataContext:
    """Repositories and collaborators, made once in the composition root."""

    settings: Settings
    clock: Clock
    grants: GrantsRepository
    usage: UsageRepository
    directory: Directory
    accounts: Accounts
    authorizer: Authorizer
    credentials: CredentialStore

    async def may(self, principal: Principal, action: Action, app: Document) -> bool:
        return (await self.authorizer.check(principal, action, resource_of(app))).is_allowed
