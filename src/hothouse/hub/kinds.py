"""All kinds of things that access is told of: the same for whoever decides, and for the command that compares."""

from hothouse.access.kinds import Kinds
from hothouse.access.platform import group_kind, platform_kind
from hothouse.access.repository import GroupsRepository
from hothouse.access.service.groups import GroupFinder
from hothouse.apps.repository import AppsRepository
from hothouse.apps.sharing import AppShelf, app_kind
from hothouse.database.connection import Database
from hothouse.environments.repository import EnvironmentsRepository
from hothouse.environments.sharing import EnvironmentShelf, environment_kind
from hothouse.environments.templates.repository import TemplatesRepository
from hothouse.environments.templates.sharing import TemplateShelf, template_kind
from hothouse.environments.workspaces.repository import WorkspacesRepository
from hothouse.environments.workspaces.sharing import WorkspaceShelf, workspace_kind
from hothouse.kit.clock import Clock


def all_kinds(database: Database, clock: Clock) -> Kinds:
    """Return every kind, with where its things are found."""
    return Kinds(
        platform_kind(),
        group_kind(GroupFinder(GroupsRepository(database))),
        app_kind(AppShelf(AppsRepository(database), clock)),
        environment_kind(EnvironmentShelf(EnvironmentsRepository(database))),
        template_kind(TemplateShelf(TemplatesRepository(database), clock)),
        workspace_kind(WorkspaceShelf(WorkspacesRepository(database))),
    )
