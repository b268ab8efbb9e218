"""A worker that is killed in the middle of a build: the build goes on, and the next worker finishes it."""

import asyncio
import os
import signal
import sys

import pytest

from hothouse.supervisor.workloads import stop_workloads

WAITS_FOR_THE_TEST = """
def build_wheel(folder, settings=None, metadata=None):
    import os, pathlib, time
    print(f"started by {os.urandom(8).hex()}", flush=True)
    gate = pathlib.Path(os.environ["UV_FIND_LINKS"]) / "go"
    deadline = time.monotonic() + 60
    while not gate.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return make_wheel(folder)
"""
WORKER = """
import asyncio, os, pathlib
from hothouse.apps.builds import Builder, BuildOptions, BuildRequest
from hothouse.apps.manifests import parse
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.preflight import detect

home, source = pathlib.Path(os.environ["TEST_HOME"]), pathlib.Path(os.environ["TEST_SOURCE"])
users = {"uid": 209_998, "source_uid": 209_999} if os.getuid() == 0 else {}
builder = Builder(home, LocalLauncher(home / "builds", detect()), BuildOptions(**users))
manifest = parse({"schema_version": "1", "slug": "x", "name": "X", "kind": "command", "entry": ["python"],
                  "packages": ["hh-gate"]})
request = BuildRequest(build_id="r1", app_id="app1", source=source, manifest=manifest)
asyncio.run(builder.build(request, lambda line: print(line, flush=True)))
"""


@pytest.fixture
def gate(make_package, sdist_backend, monkeypatch):
    """A package whose build waits until the test lets it go on; gives the file that does."""
    code = sdist_backend.replace("def build_wheel(folder, settings=None, metadata=None)", "def make_wheel(folder)")
    links = make_package("hh-gate", kind="sdist", build_code=code + WAITS_FOR_THE_TEST)
    monkeypatch.setenv("UV_FIND_LINKS", str(links))
    monkeypatch.setenv("UV_OFFLINE", "1")
    return links / "go"


class TestKilledWorker:
    async def test_next_worker_finishes(self, gate, make_builder, tmp_path, request_for, source, run_python):
        home = tmp_path / "home"
        environ = os.environ | {"TEST_HOME": str(home), "TEST_SOURCE": str(source({"main.py": ""}, "r1"))}
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORKER, env=environ, stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        async with asyncio.timeout(60):
            while "Building hh-gate" not in (await worker.stdout.readline()).decode():
                pass
        os.killpg(worker.pid, signal.SIGKILL)
        await worker.wait()
        lines = []
        build = asyncio.create_task(make_builder(home).build(request_for("r1", packages=["hh-gate"]), lines.append))
        async with asyncio.timeout(60):
            while not any("Building hh-gate" in line for line in lines):
                await asyncio.wait([build], timeout=0.02)
        gate.touch()
        result = await build
        assert run_python(result.env_path, "import hh_gate; print(hh_gate.made)") == "from source"
        assert sum("Building hh-gate" in line for line in lines) == 1
        assert list((home / "builds").iterdir()) == []

    async def test_cancelled_caller_leaves_the_build_running(self, gate, make_builder, tmp_path, request_for):
        home, lines = tmp_path / "home", []
        build = asyncio.create_task(make_builder(home).build(request_for("r2", packages=["hh-gate"]), lines.append))
        async with asyncio.timeout(60):
            while not any("Building hh-gate" in line for line in lines):
                await asyncio.wait([build], timeout=0.02)
        build.cancel()
        await asyncio.wait([build])
        gate.touch()
        again = []
        result = await make_builder(home).build(request_for("r2", packages=["hh-gate"]), again.append)
        assert result.env_path.is_dir()
        assert any("resolved within the last day" in line.lower() for line in again)

    async def test_platform_stopped_in_the_middle(self, gate, make_builder, tmp_path, request_for, run_python):
        home, lines = tmp_path / "home", []
        build = asyncio.create_task(make_builder(home).build(request_for("r4", packages=["hh-gate"]), lines.append))
        async with asyncio.timeout(60):
            while not any("Building hh-gate" in line for line in lines):
                await asyncio.wait([build], timeout=0.02)
        build.cancel()
        await asyncio.wait([build])
        await stop_workloads(home, grace_seconds=2)
        gate.touch()
        result = await make_builder(home).build(request_for("r4", packages=["hh-gate"]), lines.append)
        assert run_python(result.env_path, "import hh_gate; print(hh_gate.made)") == "from source"

    async def test_given_up(self, gate, make_builder, tmp_path, request_for):
        home, lines = tmp_path / "home", []
        builder = make_builder(home)
        build = asyncio.create_task(builder.build(request_for("r3", packages=["hh-gate"]), lines.append))
        async with asyncio.timeout(60):
            while not any("Building hh-gate" in line for line in lines):
                await asyncio.wait([build], timeout=0.02)
        build.cancel()
        await asyncio.wait([build])
        await builder.cancel("r3", "app1")
        assert list((home / "builds").iterdir()) == []
        assert list((home / "envs/.control").iterdir()) == []
