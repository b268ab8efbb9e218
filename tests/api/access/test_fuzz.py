"""Made-up requests to every operation of the API, as everybody: no defect, nothing undocumented, nobody else's secrets.

`HOTHOUSE_FUZZ_EXAMPLES=200 pytest tests/api/access/test_fuzz.py`, or `make fuzz`, looks longer.
"""

import os
from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient
from tests.support.apps_api import AppsApi, source
from tests.support.everyone import PASSWORD, Everyone, gathered
from tests.support.fuzzing import Fuzzer
from tests.support.lab import client_of, sign_in

EXAMPLES = int(os.environ.get("HOTHOUSE_FUZZ_EXAMPLES", "1"))
SECRET = "canary-secret-5e1f"
HIDDEN = "canary-hidden-5e1f"
"""What only the other tenant, those who were let in, and admins may be told."""


@pytest.fixture(scope="module")
async def everyone(mongodb_uri: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everyone]:
    """Everybody, and another tenant of whom they know nothing."""
    name = "test_fuzz"
    async with AsyncMongoClient(mongodb_uri) as client:
        await client.drop_database(name)
        async with gathered(mongodb_uri, name, tmp_path_factory.mktemp("fuzz")) as everyone:
            await add_tenant(everyone)
            everyone.hub.state.closing.set()  # so that streams end at once
            yield everyone
        await client.drop_database(name)


async def add_tenant(everyone: Everyone) -> None:
    """Make an account with an app, a group, a token and an invitation that all bear canaries."""
    account = {"name": HIDDEN, "email": f"{HIDDEN}@example.org", "password": PASSWORD, "role": "developer"}
    admin = AppsApi(everyone.admin)
    made = await admin.post("/api/v1/users", 201, json=account)
    group = {"name": "Another tenant's"}  # which everybody signed in may know: to share things with it
    group_id = (await admin.post("/api/v1/groups", 201, json=group))["id"]
    assert (await everyone.admin.put(f"/api/v1/groups/{group_id}/members/user:{made['id']}", json={})).is_success
    await admin.post("/api/v1/invitations", 201, json={"email": f"{HIDDEN}@example.com", "role": "member"})
    async with client_of(everyone.hub) as client:
        tenant = AppsApi(await sign_in(client, account))
        await tenant.deploy(source(HIDDEN, description=HIDDEN, tags=[HIDDEN], env={"PLAIN": HIDDEN}), message=HIDDEN)
        settings = {"secrets": {"CANARY": SECRET}, "env": {"HIDDEN": HIDDEN}, "name": HIDDEN}
        assert (await client.patch(f"/api/v1/apps/{HIDDEN}", json=settings)).is_success
        await tenant.post("/api/v1/tokens", 201, json={"name": HIDDEN})
        own = {"kind": "file", "path": HIDDEN, "value": SECRET}
        assert (await client.put(f"/api/v1/account/secrets/{HIDDEN}", json=own)).is_success


async def test_made_up_requests(everyone: Everyone) -> None:
    fuzzer = Fuzzer(everyone, EXAMPLES)
    cases = fuzzer.cases()
    for person in ("anonymous", "stranger", "owner", "admin"):
        hidden = [SECRET] if person == "admin" else [SECRET, HIDDEN]
        await fuzzer.run(person, cases, hidden)
    assert not fuzzer.findings, "\n\n".join(fuzzer.findings[:40]) + f"\n({len(fuzzer.findings)} in all)"
    assert fuzzer.sent > 4 * 100
    assert fuzzer.statuses >= {200, 401, 404, 422}
