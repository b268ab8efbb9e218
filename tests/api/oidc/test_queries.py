"""Every query of this feature is served by an index."""

from collections.abc import Callable
from typing import Any

from tests.api.identity.test_queries import _is_served
from tests.api.oidc.conftest import Desk
from tests.support.command_watch import COMMANDS
from tests.support.hostile_provider import Browser

MINE = {"identities", "oidc_flows", "oidc_logouts", "sessions", "invitations", "users", "memberships", "groups"}


async def test_every_query_uses_an_index(
    desk: Desk, browser: Browser, name: str, claims: Callable[..., dict[str, Any]]
) -> None:
    await desk.fresh_provider()
    COMMANDS.seen.clear()
    COMMANDS.database = desk.hub.state.database.name
    await browser.sign_in(desk.lab, **claims(sid="s"))
    await (await desk.browser()).sign_in(desk.lab, **claims())
    link = await browser.client.post("/api/v1/account/identities", json={"provider": "guests"})
    await browser.finish("guests", **desk.guests.code_for(link.json()["url"], **claims()))
    shown = (await browser.client.get("/api/v1/account/identities")).json()["identities"]
    await browser.client.post(f"/api/v1/account/identities/{shown[0]['id']}/unlink", json={})
    for more in ({"sid": "s"}, {}):
        body = {"logout_token": desk.guests.logout_token(sub=claims()["sub"], **more)}
        assert (await browser.client.post("/api/v1/auth/providers/guests/logout", data=body)).status_code == 200
    COMMANDS.database = None
    asked = [(collection, query) for _, collection, query, _ in COMMANDS.seen.values() if collection in MINE]
    assert {"identities", "oidc_flows"} <= {collection for collection, _ in asked}
    assert [one for one in asked if not await _is_served(desk.hub, *one)] == []
