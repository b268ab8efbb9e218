"""What the record says about apps and their data: values before and after, and never a secret."""

from typing import Any

from tests.support.apps_api import source
from tests.support.data_lab import Lab, decide, take_back
from tests.support.lab import gateway_of


async def entry(lab: Lab, action: str, about: str) -> dict[str, Any]:
    """Return the newest entry of an action on an app."""
    page = await lab.ada.get("/api/v1/audit", params={"action": action, "about": f"app:{about}", "limit": 1})
    [found] = page["items"]
    return dict(found)


class TestApp:
    async def test_deploy_settings_stop_delete(self, lab: Lab) -> None:
        await lab.grace.served(source("ledger"))
        deployed = await entry(lab, "uploads.deploy", "ledger")
        assert (deployed["who"]["email"], deployed["result"]) == ("grace@example.org", "done")
        assert (deployed["before"]["release"], deployed["after"]["release"]) == (None, 1)

        change = {"name": "The ledger", "env": {"MODE": "quiet"}, "secrets": {"KEY": "hush-hush"}}
        assert (await lab.grace.client.patch("/api/v1/apps/ledger", json=change)).status_code == 200
        configured = await entry(lab, "apps.configure", "ledger")
        assert configured["before"] == {"name": "Ledger"}
        assert configured["after"] == {"name": "The ledger", "env_set": ["MODE"], "secrets_set": ["KEY"]}
        assert "hush-hush" not in str(configured)
        assert "quiet" not in str(configured)

        await lab.grace.post("/api/v1/apps/ledger/stop")
        stopped = await entry(lab, "apps.stop", "ledger")
        assert (stopped["before"], stopped["after"]) == ({"desired": "running"}, {"desired": "stopped"})

        await lab.grace.delete("ledger")
        deleted = await entry(lab, "apps.delete", "ledger")
        assert (deleted["before"]["name"], deleted["after"]) == ("The ledger", {"desired": "deleted"})

    async def test_what_is_not_shared(self, lab: Lab) -> None:
        await lab.grace.served(source("diary", access="private"))
        assert (await lab.eve.client.get("/api/v1/apps/diary")).status_code == 404
        assert (await entry(lab, "apps.show", "diary"))["who"]["email"] == "eve@example.org"
        upload = await lab.eve.upload(source("diary"))
        assert (await lab.eve.client.post(f"/api/v1/uploads/{upload['id']}/deploy", json={})).status_code == 409
        page = await lab.ada.get("/api/v1/audit", params={"action": "uploads.deploy", "result": "denied"})
        assert [one["who"]["email"] for one in page["items"]] == ["eve@example.org"]

    async def test_opening_what_is_not_shared(self, lab: Lab) -> None:
        await lab.grace.served(source("letters", access="private"))
        app_id = (await lab.app("letters"))["_id"]
        token = await lab.eve.post("/api/v1/tokens", 201, json={"name": "script"})
        async with gateway_of(lab.hub) as gateway:
            body = {"app_id": app_id, "bearer": token["token"]}
            answer = await gateway.post("/internal/v1/admit", json=body)
        assert answer.json()["outcome"] == "forbidden"
        denied = await entry(lab, "internal.admit", "letters")
        assert (denied["who"]["email"], denied["result"]) == ("eve@example.org", "denied")


class TestData:
    async def test_granted_and_taken_back(self, lab: Lab) -> None:
        of = await lab.owner()
        reader = await lab.reader(of, "clicks")
        await decide(lab.grace, of, reader, "clicks")
        granted = await entry(lab, "data.grant", of)
        assert granted["before"] is None
        assert (granted["after"]["state"], granted["after"]["collections"]) == ("granted", ["clicks"])
        await take_back(lab.grace, of, reader)
        back = await entry(lab, "data.take_back", reader)
        assert (back["before"]["state"], back["after"]["state"]) == ("granted", "taken-back")
