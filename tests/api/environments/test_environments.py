"""Environments from start to end, in real sandboxes: what they find there, what stays, who may do what."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.support.environments_desk import MIB, Desk, open_up, template
from tests.support.waiting import eventually
from tests.support.whole_lab import Lab


@pytest.fixture(scope="module")
async def ada(lab: Lab) -> AsyncIterator[Desk]:
    """Ada, the admin, after she made the templates."""
    seeded = {"files": {"notes/first.txt": "a start\n"}, "env": {"COLOUR": "green"}, "background_bytes": 700}
    greedy = "import time; kept = bytearray(400 * 2**20); time.sleep(60)"
    for made in (
        template("plain"),
        template("seeded", **seeded),
        template("broken", "python", "-c", "print('no such luck'); raise SystemExit(3)"),
        template("greedy", "python", "-c", greedy),
        template("missing", packages=["hothouse-no-such-package-at-all==1"]),
        template("private"),
    ):
        await lab.ada.post("/api/v1/templates", 201, json=made)
        if made["slug"] != "private":
            await open_up(lab.ada, made["slug"])
    return Desk(lab.ada, lab)


@pytest.fixture
def grace(lab: Lab, ada: Desk) -> Desk:
    del ada  # who made the templates
    return Desk(lab.grace, lab)


class TestStart:
    async def test_finds_its_home_and_nothing_of_the_platform(self, grace: Desk) -> None:
        made = await grace.running("plain", env={"MINE": "yes"})
        seen = await grace.env(made)
        assert (seen["HOME"], seen["MINE"], seen["HOTHOUSE_ENVIRONMENT"]) == ("/home/lab", "yes", made["slug"])
        assert seen["HOTHOUSE_DATABASE_URI"].startswith("mongodb://")
        assert not {name for name in seen if name.startswith("HOTHOUSE_")} - {
            "HOTHOUSE_ENVIRONMENT",
            "HOTHOUSE_URL",
            "HOTHOUSE_DATABASE_URI",
        }
        await grace.delete(made)

    async def test_the_same_again_is_the_one_there_is(self, grace: Desk) -> None:
        first = await grace.start("plain", name="Twice")
        assert (await grace.start("plain", 200, name="Twice"))["slug"] == first["slug"]
        other = await grace.start("plain", 409, name="Twice", env={"A": "b"})
        assert "other settings" in other["detail"]
        await grace.delete(first)

    async def test_two_clicks_at_once_are_one(self, grace: Desk) -> None:
        path, body = "/api/v1/environments", {"template": "plain", "name": "Clicks"}
        answers = await asyncio.gather(*(grace.api.client.post(path, json=body) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
        assert len({answer.json()["slug"] for answer in answers}) == 1
        await grace.delete(answers[0].json())

    async def test_gets_the_secrets_of_its_owner(self, grace: Desk) -> None:
        for name, body in (
            ("SERVICE_KEY", {"kind": "variable", "value": "open sesame"}),
            ("cloud", {"kind": "file", "path": ".cloud/key", "value": "a file of mine"}),
        ):
            answer = await grace.api.client.put(f"/api/v1/account/secrets/{name}", json=body)
            assert answer.is_success, answer.text
        show = (
            "import os; print(os.environ['SERVICE_KEY'], open(os.path.expanduser('~/.cloud/key')).read(), flush=True)"
        )
        await grace.lab.ada.post("/api/v1/templates", 201, json=template("shower", "python", "-c", show))
        await open_up(grace.lab.ada, "shower")
        made = await grace.in_state(await grace.start("shower", new_workspace="Secrets"), "failed")
        assert made["log_tail"] == ["open sesame a file of mine"]
        listed = await grace.api.get("/api/v1/account/secrets")
        assert all(one["last_read_at"] for one in listed["items"]), listed
        await grace.delete(made)

    async def test_brings_files_but_replaces_none(self, grace: Desk) -> None:
        made = await grace.running("seeded", new_workspace="Seeds")
        first = grace.files(made) / "notes" / "first.txt"
        assert first.read_text() == "a start\n"
        assert first.stat().st_mode & 0o200, "whoever works in it can change it"
        first.write_text("changed\n")
        await grace.do(made, "restart")
        await eventually(lambda: _is_another(grace, made), "another workload", 60)
        await grace.in_state(made, "running")
        assert first.read_text() == "changed\n"
        await grace.delete(made)

    async def test_secret_files_are_there_but_not_in_the_workspace(self, grace: Desk) -> None:
        reader = "import os; print(open(os.path.expanduser('~/.keys/api')).read(), flush=True)"
        await grace.lab.ada.post("/api/v1/templates", 201, json=template("reader", "python", "-c", reader))
        await open_up(grace.lab.ada, "reader")
        made = await grace.start("reader", new_workspace="Keys", secret_files={".keys/api": "hush-hush"})
        failed = await grace.in_state(made, "failed")
        assert failed["log_tail"] == ["hush-hush"]
        assert failed["secret_files"] == [".keys/api"]
        assert (grace.files(made) / ".keys" / "api").is_symlink()
        stored = await grace.lab.database["environments"].find_one({"slug": made["slug"]})
        stored = {key: value for key, value in stored.items() if key != "log_tail"}
        assert "hush-hush" not in repr(stored)
        await grace.delete(made)


async def _is_another(desk: Desk, environment: dict[str, Any]) -> bool:
    found = await desk.lab.database["environments"].find_one({"slug": environment["slug"]})
    workloads = desk.lab.database["workloads"]
    return found is not None and await workloads.count_documents({"owner": f"environment:{found['_id']}"}) > 1


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"size": {"cpu": 3, "memory_bytes": 256 * MIB}}, "/size/cpu"),
            ({"size": {"cpu": 1, "memory_bytes": 1024 * MIB}}, "/size/memory_bytes"),
            ({"secret_files": {"a": "x", "a/b": "y"}}, "/secret_files/a"),
            ({"secret_files": {"": "x"}}, "/secret_files/"),
            ({"git_url": "https://me:word@example.org/x.git"}, "/git_url"),
            ({"workspace_id": "nobody", "new_workspace": "Both"}, "/new_workspace"),
        ],
    )
    async def test_says_what_and_where(self, grace: Desk, body: dict[str, Any], pointer: str) -> None:
        refused = await grace.start("plain", 422, name="Refused", **body)
        assert [error["pointer"] for error in refused["errors"]] == [pointer]

    @pytest.mark.parametrize("path", ["../up", "/etc/passwd", "a/../b", "a\nb"])
    async def test_secret_files_lie_in_the_home_folder(self, grace: Desk, path: str) -> None:
        await grace.start("plain", 422, secret_files={path: "x"})

    async def test_a_template_not_shared_is_like_none(self, grace: Desk) -> None:
        hidden, none = await grace.start("private", 404), await grace.start("no-such", 404)
        assert hidden["detail"].replace("private", "no-such") == none["detail"]

    async def test_another_persons_workspace(self, ada: Desk, grace: Desk) -> None:
        theirs = await ada.start("plain", new_workspace="Hers")
        refused = await grace.start("plain", 404, workspace_id=theirs["workspace_id"])
        assert "not yours" in refused["detail"]
        await ada.delete(theirs)


class TestFailure:
    async def test_of_the_program_is_told_and_can_be_tried_again(self, grace: Desk) -> None:
        made = await grace.in_state(await grace.start("broken", env={"KEPT": "yes"}), "failed")
        assert made["reason"] == "exited with code 3"
        assert made["log_tail"] == ["no such luck"]
        await grace.do(made, "start")
        again = await grace.in_state(made, "failed")
        assert again["spec"]["env"] == {"KEPT": "yes"}
        await grace.delete(made)

    async def test_of_memory_names_the_limit(self, grace: Desk) -> None:
        made = await grace.in_state(await grace.start("greedy"), "failed")
        assert "out of memory (limit 256 MiB)" in made["reason"]
        await grace.delete(made)

    async def test_of_a_requirement_names_it(self, grace: Desk) -> None:
        made = await grace.in_state(await grace.start("missing"), "failed", seconds=120)
        assert "hothouse-no-such-package-at-all" in made["reason"] + " ".join(made["log_tail"])
        log = await grace.api.client.get(f"/api/v1/environments/{made['slug']}/build-log")
        assert "hothouse-no-such-package-at-all" in log.text
        await grace.delete(made)

    async def test_of_a_build_is_not_held_against_who_starts_next(self, ada: Desk, grace: Desk) -> None:
        first = await grace.in_state(await grace.start("missing", name="Early"), "failed", seconds=120)
        query = {"kind": "packages", "args.packages": "hothouse-no-such-package-at-all==1"}
        before = await grace.lab.database["jobs"].find_one(query)
        second = await ada.in_state(await ada.start("missing", name="Late"), "failed", seconds=120)
        after = await grace.lab.database["jobs"].find_one(query)
        assert after["attempt"] > before["attempt"]
        await grace.delete(first)
        await ada.delete(second)

    async def test_of_a_build_is_told_to_who_manages_templates(self, ada: Desk, grace: Desk) -> None:
        path = "/api/v1/templates/missing"
        await ada.api.post(f"{path}/build")

        async def has_failed() -> dict[str, Any] | None:
            now = await ada.api.get(path)
            return now if now["build"] == "failed" else None

        failed = await eventually(has_failed, "the failure of the build", 120)
        assert "hothouse-no-such-package-at-all" in failed["build_reason"]
        followed = await ada.api.client.get(f"{path}/build-log", params={"follow": True})
        assert "hothouse-no-such-package-at-all" in followed.text
        assert "event: end" in followed.text
        assert (await grace.api.client.get(f"{path}/build-log")).status_code == 404

    async def test_of_what_keeps_it_is_made_good_but_not_for_ever(self, grace: Desk) -> None:
        made = await grace.running("plain", name="Unlucky", new_workspace="Unlucky")
        ran = set()

        async def is_another() -> bool:
            now = await grace.lab.database["environments"].find_one({"slug": made["slug"]})
            return now["state"] == "running" and now["workload_id"] not in ran

        for _ in range(3):
            await eventually(is_another, "another workload", 60)
            document = await grace.lab.database["environments"].find_one({"slug": made["slug"]})
            ran.add(document["workload_id"])
            record = grace.lab.settings.home / "workloads" / document["workload_id"] / "state.json"
            os.kill(json.loads(record.read_text())["keeper"], signal.SIGKILL)
        failed = await grace.in_state(made, "failed")
        assert failed["reason"].startswith("lost")
        await grace.delete(made)


class TestStop:
    async def test_keeps_the_files(self, grace: Desk) -> None:
        made = await grace.running("plain", name="Stopped", new_workspace="Kept")
        (grace.files(made) / "result.txt").write_text("42")
        await grace.do(made, "stop")
        await grace.in_state(made, "stopped")
        await grace.do(made, "start")
        await grace.in_state(made, "running")
        assert (grace.files(made) / "result.txt").read_text() == "42"
        await grace.delete(made)
        assert (grace.files(made) / "result.txt").read_text() == "42"

    async def test_one_that_was_ended_from_outside_comes_back(self, grace: Desk) -> None:
        """As after a restart of the machine: the reconciler takes over what it finds."""
        made = await grace.running("plain", name="Outlived")
        document = await grace.lab.database["environments"].find_one({"slug": made["slug"]})
        before = document["workload_id"]
        await grace.lab.database["workloads"].update_one({"_id": before}, {"$set": {"state": "stopping"}})
        await grace.lab.database["environments"].update_one({"slug": made["slug"]}, {"$set": {"nudged": 1}})

        async def is_back() -> bool:
            now = await grace.lab.database["environments"].find_one({"slug": made["slug"]})
            return bool(now["workload_id"] != before and now["state"] == "running")

        await eventually(is_back, "another workload", 30)
        await grace.delete(made)


class TestLike:
    async def test_another_is_started_with_the_same_lock(self, ada: Desk, grace: Desk) -> None:
        made = await grace.running("seeded", name="First", env={"COLOUR": "blue"}, new_workspace="W1")
        spec = await grace.api.get(f"/api/v1/environments/{made['slug']}/spec")
        assert "pip==" in spec["lock"]
        like = await ada.running("seeded", name="Like it", spec=spec, new_workspace="W2")
        assert like["spec"] == spec
        assert (await ada.env(like))["COLOUR"] == "blue"
        await grace.delete(made)
        await ada.delete(like)

    async def test_gateways_hear_what_its_template_says_a_tab_sends_by_itself(self, grace: Desk) -> None:
        made = await grace.start("seeded", name="Quiet", new_workspace="W5")
        spec = await grace.api.get(f"/api/v1/environments/{made['slug']}/spec")
        sent = {**spec, "background_bytes": 2**20}
        like = await grace.start("seeded", name="Quiet, too", spec=sent, new_workspace="W6")
        for one in (made, like):
            document = await grace.lab.database["environments"].find_one({"slug": one["slug"]})
            assert document is not None
            route = await grace.lab.gateway.post(f"/internal/v1/apps/{document['_id']}/wake")
            assert route["background_bytes"] == 700
            await grace.delete(one)

    async def test_node_packages_are_the_templates(self, grace: Desk) -> None:
        """What they carry says where npm writes, so who may make templates vouches for them; the lock fits no more."""
        made = await grace.start("seeded", name="Plain", new_workspace="W3")
        spec = await grace.api.get(f"/api/v1/environments/{made['slug']}/spec")
        sent = {**spec, "node_packages": ["evil@1.0.0"], "lock": "six==1.17.0"}
        like = await grace.start("seeded", name="More", spec=sent, new_workspace="W4")
        shown = await grace.api.get(f"/api/v1/environments/{like['slug']}/spec")
        assert shown["node_packages"] == []
        assert shown["lock"] != "six==1.17.0"
        await grace.delete(made)
        await grace.delete(like)


class TestSavedAsTemplate:
    async def test_what_it_is_without_what_is_private(self, ada: Desk, grace: Desk) -> None:
        more = {"env": {"MINE": "my own", "PUBLIC": "for all"}, "size": {"cpu": 2, "memory_bytes": 512 * MIB}}
        made = await grace.start("seeded", name="To be saved", secret_files={"key": "hush"}, **more)
        body = {"environment": made["slug"], "slug": "saved", "name": "Saved", "keep_env": ["PUBLIC"]}
        saved = await ada.api.post(
            "/api/v1/templates/from-environment", 201, json=body | {"access": "signed-in", "category": "Ours"}
        )
        assert saved["env"] == {"COLOUR": "green", "PUBLIC": "for all"}
        assert saved["files"] == {"notes/first.txt": "a start\n"}
        assert (saved["size"]["cpu"], saved["access"], saved["category"]) == (2, "signed-in", "Ours")
        assert "hush" not in repr(saved)
        assert "saved" in [one["slug"] for one in (await grace.api.get("/api/v1/templates"))["items"]]
        again = await ada.api.client.post("/api/v1/templates/from-environment", json=body)
        assert (again.status_code, again.json()["type"]) == (409, "/problems/template-taken")
        await grace.delete(made)

    async def test_only_by_who_manages_templates_and_may_change_it(self, ada: Desk, grace: Desk) -> None:
        made = await grace.start("plain", name="Not to be saved")
        body = {"environment": made["slug"], "slug": "not-saved", "name": "Not saved"}
        answer = await grace.api.client.post("/api/v1/templates/from-environment", json=body)
        assert answer.status_code in (403, 404)
        none = await ada.api.client.post(
            "/api/v1/templates/from-environment", json=body | {"environment": "no-such-env"}
        )
        assert none.status_code == 404
        await grace.delete(made)


class TestSharing:
    async def test_by_role(self, ada: Desk, grace: Desk, lab: Lab) -> None:
        made = await ada.running("plain", name="Shared")
        document = await lab.database["environments"].find_one({"slug": made["slug"]})
        path = f"/api/v1/environments/{made['slug']}"
        token = await grace.api.post("/api/v1/tokens", 201, json={"name": "t"})
        admit = {"app_id": document["_id"], "bearer": token["token"]}

        async def outcome() -> tuple[int, str]:
            seen = (await grace.api.client.get(path)).status_code
            return seen, (await lab.gateway.post("/internal/v1/admit", 200, json=admit))["outcome"]

        assert await outcome() == (404, "forbidden")
        grant = f"/api/v1/access/environment/{made['slug']}/grants/user:{(await self._me(grace))}"
        for role, expected in (("viewer", (200, "forbidden")), ("user", (200, "allowed"))):
            assert (await ada.api.client.put(grant, json={"role": role})).is_success
            assert await outcome() == expected
        assert (await grace.api.client.post(f"{path}/stop")).status_code == 404
        assert (await ada.api.client.delete(grant)).is_success
        assert await outcome() == (404, "forbidden")
        await ada.delete(made)

    async def _me(self, desk: Desk) -> str:
        found = await desk.lab.database["users"].find_one({"email": "grace@example.org"})
        assert found is not None
        return str(found["_id"])

    async def test_everybody_lists_their_own(self, ada: Desk, grace: Desk) -> None:
        made = await grace.start("plain", name="Mine")
        for desk, whose, is_listed in ((grace, "mine", True), (ada, "mine", False), (ada, "all", True)):
            page = await desk.api.get("/api/v1/environments", params={"whose": whose})
            assert (made["slug"] in [one["slug"] for one in page["items"]]) is is_listed
        await grace.delete(made)

    async def test_deletion_is_confirmed(self, grace: Desk) -> None:
        made = await grace.start("plain", name="Careful")
        answer = await grace.api.client.delete(f"/api/v1/environments/{made['slug']}")
        assert answer.status_code == 422
        await grace.delete(made)


class TestDisk:
    async def test_more_than_a_workspace_may_hold_ends_it(self, grace: Desk, lab: Lab) -> None:
        """Watched, not mounted: the file browser reads the same folder."""
        full = await grace.api.post("/api/v1/workspaces", 201, json={"name": "Full"})
        await lab.database["workspaces"].update_one({"_id": full["id"]}, {"$set": {"quota_bytes": 2 * MIB}})
        fill = "import time; open('/home/lab/big', 'wb').write(bytes(4 * 2**20)); time.sleep(60)"
        await lab.ada.post("/api/v1/templates", 201, json=template("filler", "python", "-c", fill))
        await open_up(lab.ada, "filler")
        made = await grace.in_state(await grace.start("filler", workspace_id=full["id"]), "failed")
        assert "disk" in made["reason"] or "MiB" in made["reason"], made["reason"]
        assert (grace.files(made) / "big").stat().st_size == 4 * MIB, "nothing is lost"
        await grace.delete(made)
