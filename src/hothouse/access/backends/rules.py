"""Permissions by fixed rules: platform role, ownership, membership, the app's own access setting."""

from hothouse.access.interfaces import APP_ACTIONS, Action, AppResource, Decision
from hothouse.access.scopes import covers
from hothouse.identity.principal import Principal

OPEN_TO_READERS = (Action.APP_OPEN, Action.APP_VIEW)
NEEDS_ACCOUNT = (Action.SIGNED_IN, Action.ACCOUNT, Action.APPS_LIST, Action.APPS_CREATE)
OUT_OF_SCOPE = Decision(False, "the API token is not for this")


class RulesAuthorizer:
    """Deny by default; every allowance names its rule."""

    async def check(self, subject: Principal, action: Action, resource: AppResource | None = None) -> Decision:
        if action is Action.PUBLIC:
            return Decision(True, "open to anyone")
        if action in APP_ACTIONS:
            if resource is None:
                return Decision(False, "no such app")
            return self._check_app(subject, action, resource)
        if subject.user is None:
            return Decision(False, "not signed in")
        if not covers(subject.scopes, action):
            return OUT_OF_SCOPE
        if action in NEEDS_ACCOUNT:
            return Decision(True, "signed in")
        if action is Action.PLATFORM_ADMIN and subject.is_admin:
            return Decision(True, "platform admin")
        return Decision(False, "only platform admins may do this")

    def _check_app(self, subject: Principal, action: Action, app: AppResource) -> Decision:
        if app.access == "public" and action is Action.APP_OPEN:
            return Decision(True, "the app is public")
        if subject.user is None:
            return Decision(False, "not signed in")
        if not covers(subject.scopes, action):
            return OUT_OF_SCOPE
        if subject.is_admin:
            return Decision(True, "platform admin")
        if subject.user.id == app.owner_id:
            return Decision(True, "owner of the app")
        if action in OPEN_TO_READERS and app.access in ("signed-in", "public"):
            return Decision(True, "the app is open to everyone signed in")
        if action in OPEN_TO_READERS and app.access == "members" and subject.user.id in app.member_ids:
            return Decision(True, "member of the app")
        return Decision(False, "the app is not shared with this person")

    async def allowed_actions(self, subject: Principal, resource: AppResource) -> list[Action]:
        return [action for action in APP_ACTIONS if self._check_app(subject, action, resource).is_allowed]
