"""What limits an API token, or an admin who acts as somebody else: never more than the account itself may do."""

from collections.abc import Iterable

from hothouse.access.interfaces import Action
from hothouse.identity.principal import ACTING, Acting
from hothouse.identity.schemas import Scope

READ = frozenset(
    {
        Action.SIGNED_IN,
        Action.APPS_LIST,
        Action.APP_VIEW,
        Action.GROUPS_LIST,
        Action.GROUP_VIEW,
        Action.ROLES_LIST,
        Action.ENVIRONMENTS_LIST,
        Action.ENVIRONMENT_VIEW,
        Action.TEMPLATES_LIST,
        Action.WORKSPACES_LIST,
    }
)
MANAGE_APPS = frozenset(
    {Action.APPS_CREATE, Action.APP_EDIT, Action.APP_SHARE, Action.APP_DELETE, Action.RESOURCE_SHARE}
)
ENVIRONMENTS = frozenset(
    {
        Action.ENVIRONMENTS_CREATE,
        Action.ENVIRONMENT_EDIT,
        Action.ENVIRONMENT_SHARE,
        Action.ENVIRONMENT_DELETE,
        Action.TEMPLATE_USE,
        Action.WORKSPACES_CREATE,
        Action.WORKSPACE_VIEW,
        Action.WORKSPACE_EDIT,
        Action.WORKSPACE_DELETE,
        Action.RESOURCE_SHARE,
    }
)
ADMINISTER = frozenset(
    {
        Action.PLATFORM_ADMIN,
        Action.PEOPLE_MANAGE,
        Action.AUDIT_READ,
        Action.ACCESS_REVIEW,
        Action.GROUPS_CREATE,
        Action.GROUP_EDIT,
        Action.GROUP_DELETE,
        Action.ROLES_MANAGE,
        Action.TEMPLATES_MANAGE,
        Action.TEMPLATE_SHARE,
        Action.RESOURCE_SHARE,
    }
)
SCOPES: dict[Scope, frozenset[Action]] = {
    "read": READ,
    "apps:open": frozenset({Action.APP_OPEN}),
    "apps:write": READ | MANAGE_APPS,
    "environments:open": frozenset({Action.ENVIRONMENT_OPEN}),
    "environments:write": READ | ENVIRONMENTS,
    "admin": READ | ADMINISTER,
}
"""Actions by scope. None holds `Action.ACCOUNT`: such a token cannot make itself another one, nor act as others."""


LIMITS: dict[str, frozenset[Action]] = {
    **{str(scope): actions for scope, actions in SCOPES.items()},
    ACTING: READ | {Action.APPS_CREATE, Action.APP_OPEN, Action.APP_EDIT},
}
"""And what an admin may do who acts as somebody else. No right is given and nothing deleted in their name;
password, second factor, tokens and sessions, which are `Action.ACCOUNT`, stay theirs."""


def covers(scopes: Iterable[Scope | Acting] | None, action: Action) -> bool:
    """Tell whether scopes hold an action; None is a token, or a session, without limits.

    >>> covers(["read"], Action.APP_VIEW), covers(["read"], Action.APP_EDIT), covers(None, Action.ACCOUNT)
    (True, False, True)
    """
    return action is Action.PUBLIC or scopes is None or any(action in LIMITS[scope] for scope in scopes)
