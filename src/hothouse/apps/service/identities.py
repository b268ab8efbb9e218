"""Apps that act for themselves: the token by which a running app is known to other apps."""

from hmac import compare_digest

from hothouse.apps.repository import AppsRepository
from hothouse.database.connection import Document
from hothouse.identity.principal import ANYONE, Principal
from hothouse.kit.ids import fingerprint
from hothouse.kit.sealing import KeyRing
from hothouse.workloads.interfaces import owner_of
from hothouse.workloads.repository import WorkloadsRepository

PREFIX = "hh_app_"


def app_token(secrets: KeyRing, workload_id: str) -> str:
    """Return the token of a workload: another one at each start, and the same if that start is repeated."""
    return f"{PREFIX}{workload_id}.{secrets.derive(f'identities/{workload_id}')}"


class AppIdentities:
    """Knows apps by their tokens, for as long as the workload lives that a token was given to."""

    def __init__(self, apps: AppsRepository, workloads: WorkloadsRepository) -> None:
        self._apps = apps
        self._workloads = workloads

    async def principal(self, token: str) -> tuple[Principal, Document | None]:
        """Return whom a token stands for, and the app; anyone for one that is not, or no longer, good."""
        workload_id, _, _ = token.removeprefix(PREFIX).partition(".")
        workload = await self._workloads.get(workload_id)
        known = (workload or {}).get("token_hash") or ""
        if workload is None or not compare_digest(known, fingerprint(token)) or not workload["is_live"]:
            return ANYONE, None
        kind, app_id = owner_of(workload["owner"])
        app = await self._apps.get(app_id) if kind == "app" else None
        if app is None or app["desired"] == "deleted":
            return ANYONE, None
        return Principal(via="app", credentials=(workload_id,), app_id=app["_id"]), app
