"""Environments in container images, and the images themselves, by real podman and a registry of our own."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.environments_desk import MIB, Desk, open_up, template
from tests.support.images import base_image, containers, remove_image, run_podman
from tests.support.waiting import eventually
from tests.support.whole_lab import Lab

from hothouse.environments.images.progress import told
from hothouse.launch.backends.podman import images as podman_images
from hothouse.launch.backends.podman.pulling import Fetched
from hothouse.launch.backends.podman.tool import find_podman

pytestmark = pytest.mark.slow
IMAGES = "/api/v1/images"


@pytest.fixture(scope="module", autouse=True)
def works() -> None:
    containers()


@pytest.fixture(scope="module")
async def ada(lab: Lab) -> Desk:
    """Ada, the admin, after she made a template that runs in an image."""
    made = template("boxed", kind="image", image=base_image(), port=8888, env={"COLOUR": "green"})
    made["command"] = [python(), *made["command"][1:]]
    await lab.ada.post("/api/v1/templates", 201, json=made)
    await open_up(lab.ada, "boxed")
    return Desk(lab.ada, lab)


def python() -> str:
    return f"{sys.base_prefix}/bin/python3"


@pytest.fixture
def grace(lab: Lab, ada: Desk) -> Desk:
    del ada  # who made the template
    return Desk(lab.grace, lab)


class TestEnvironments:
    async def test_runs_in_its_image_and_keeps_its_files(self, grace: Desk) -> None:
        made = await grace.running("boxed", env={"MINE": "yes"}, secret_files={"key.txt": "hush"})
        seen = await grace.env(made)
        assert (seen["HOME"], seen["MINE"], seen["COLOUR"], seen["PORT"]) == ("/home/lab", "yes", "green", "8888")
        assert seen["PATH"] == "/usr/bin:/bin"  # the image's own
        shown = await grace.show(made)
        assert shown["isolation"]["mechanism"] == "podman"
        assert shown["spec"]["image"] == base_image()
        (grace.files(made) / "kept.txt").write_text("x")
        assert (grace.files(made) / "key.txt").is_symlink()
        await grace.do(made, "stop")
        await grace.in_state(made, "stopped")
        await grace.do(made, "start")
        await grace.in_state(made, "running")
        assert (grace.files(made) / "kept.txt").read_text() == "x"
        await grace.delete(made)

    async def test_packages_cannot_be_added(self, grace: Desk) -> None:
        answer = await grace.start("boxed", 422, extra_packages=["numpy"])
        assert "cannot be added to an image" in answer["detail"]

    async def test_refused_where_nothing_runs_images(self, lab: Lab, grace: Desk) -> None:
        context = lab.hub.state.environments.context
        object.__setattr__(context, "why_no_images", lambda: "not installed: podman")
        try:
            answer = await grace.start("boxed", 422)
        finally:
            object.__setattr__(context, "why_no_images", podman_images.why_none)
        assert "this machine runs none: podman is not installed" in answer["detail"]


class TestImages:
    async def test_one_that_a_template_names_stays(self, ada: Desk) -> None:
        listed = await ada.api.get(IMAGES)
        (mine,) = [image for image in listed["items"] if base_image() in image["names"]]
        assert mine["used_by"] == ["boxed"]
        assert mine["size_bytes"] > 0
        answer = await ada.api.client.delete(IMAGES, params={"name": base_image()})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/image-in-use")

    async def test_built_of_a_containerfile_and_removed(self, ada: Desk) -> None:
        name = "localhost/hothouse-tests/built:1"
        remove_image(name)
        body = {"name": name, "containerfile": f"FROM {base_image()}\nRUN echo built > /etc/made\n"}
        done = await ended(ada, await ada.api.post(f"{IMAGES}/build", 202, json=body))
        assert done["state"] == "done", done
        assert any("STEP 2/2" in line for line in done["lines"])
        followed = await ada.api.client.get(f"{IMAGES}/jobs/{done['job']}/log", params={"follow": True})
        assert "STEP 2/2" in followed.text
        assert "event: end" in followed.text
        assert name in await names(ada)
        assert (await ada.api.client.delete(IMAGES, params={"name": name})).status_code == 204
        assert name not in await names(ada)
        assert (await ada.api.client.delete(IMAGES, params={"name": name})).status_code == 404

    async def test_broken_containerfile(self, ada: Desk) -> None:
        body = {"name": "localhost/hothouse-tests/broken", "containerfile": f"FROM {base_image()}\nRUN exit 7\n"}
        done = await ended(ada, await ada.api.post(f"{IMAGES}/build", 202, json=body))
        assert done["state"] == "failed"
        assert "exit status 7" in done["reason"]

    async def test_pulled(self, ada: Desk, registry: str) -> None:
        name = f"{registry}/team/base:1"
        remove_image(name)
        done = await ended(ada, await ada.api.post(f"{IMAGES}/pull", 202, json={"name": name}))
        assert done["state"] == "done", done
        assert any("Copying blob" in line for line in done["lines"])
        assert any(line.startswith("fetched ") and line.endswith("(100 %)") for line in done["lines"]), done
        assert name in await names(ada)
        remove_image(name)

    async def test_not_there_to_be_pulled(self, ada: Desk, registry: str) -> None:
        done = await ended(ada, await ada.api.post(f"{IMAGES}/pull", 202, json={"name": f"{registry}/team/none:1"}))
        assert done["state"] == "failed"
        assert "manifest unknown" in done["reason"]

    async def test_what_is_under_way_is_listed_with_how_far_it_is(self, lab: Lab, ada: Desk) -> None:
        lines = [("stdout", "Copying blob ab"), ("platform", told(Fetched(bytes=40 * MIB, total_bytes=100 * MIB)))]
        texts = [
            {"offset": number, "at": datetime.now(UTC), "stream": stream, "text": text}
            for number, (stream, text) in enumerate(lines, 1)
        ]
        jobs = lab.hub.state.environments.jobs
        await jobs.enqueue("image-pull-slow", "image-pull", {"image": "registry.lab/slow:1", "anew": True})
        away = {"state": "running", "worker": "elsewhere", "lease_until": datetime.now(UTC) + timedelta(hours=1)}
        await lab.database["jobs"].update_one({"_id": "image-pull-slow"}, {"$set": away | {"attempt": 99}})
        await lab.database["job_logs"].insert_one({"job_id": "image-pull-slow", "first": 1, "lines": texts})
        (shown,) = [one for one in (await ada.api.get(IMAGES))["jobs"] if one["job"] == "image-pull-slow"]
        assert (shown["name"], shown["state"]) == ("registry.lab/slow:1", "running")
        assert shown["progress"] == {"percent": 40, "text": "fetched 40 MiB of 100 MiB (40 %)"}
        await jobs.remove("image-pull-slow")

    async def test_only_for_who_manages_templates(self, grace: Desk) -> None:
        assert (await grace.api.client.get(IMAGES)).status_code in (403, 404)


async def ended(desk: Desk, job: dict[str, Any]) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        now = await desk.api.get(f"{IMAGES}/jobs/{job['job']}")
        return now if now["state"] in ("done", "failed") else None

    found: dict[str, Any] = await eventually(look, f"the end of {job['job']}", 60)
    return found


async def names(desk: Desk) -> set[str]:
    listed = await desk.api.get(IMAGES)
    return {name for image in listed["items"] for name in image["names"]}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A registry on loopback that holds one image."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    folder = tmp_path_factory.mktemp("registry")
    trusted = folder / "registries.conf"
    trusted.write_text(f'[[registry]]\nlocation = "localhost:{port}"\ninsecure = true\n')
    config = folder / "config.yml"
    storage = f"storage: {{filesystem: {{rootdirectory: {folder}/data}}}}"
    config.write_text(f"version: 0.1\n{storage}\nhttp: {{addr: 127.0.0.1:{port}}}\n")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "serve", str(config)], stdout=log, stderr=log)
    try:
        wait_for(port, process, folder / "log")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CONTAINERS_REGISTRIES_CONF", str(trusted))
            find_podman.cache_clear()
            find_podman()
        name = f"localhost:{port}/team/base:1"
        run_podman("push", "--tls-verify=false", base_image(), name)
        yield f"localhost:{port}"
    finally:
        find_podman.cache_clear()
        process.kill()
        process.wait()


def wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(log.read_text())
