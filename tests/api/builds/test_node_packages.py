"""Builds with node packages, run for real: from the registry, locked, and without running any script of theirs."""

import subprocess

import pytest

from hothouse.apps.builds import BuildFailed

WANTED = ("cowsay@1.6.0",)


def run(result, *command):
    env = {"PATH": f"{result.env_path}/bin:/usr/bin:/bin"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


async def test_programs_and_the_same_lock_again(make_builder, tmp_path, request_for):
    builder = make_builder(tmp_path / "home")
    log = []
    result = await builder.build(request_for("n1", packages=["six==1.17.0"], node_packages=WANTED), log.append)
    assert "< moo >" in run(result, "cowsay", "moo")
    assert run(result, "node", "--version").startswith("v")
    assert run(result, "python", "-c", "import six; print(six.__version__)") == "1.17.0\n"
    assert "integrity" in result.lock
    assert '"resolved"' not in result.lock

    again = await builder.build(request_for("n2", packages=["six"], node_packages=WANTED, lock=result.lock), log.append)
    assert again.cached
    other = await builder.build(
        request_for("n3", app_id="other", packages=["six"], node_packages=WANTED, lock=result.lock), log.append
    )
    assert other.env_path != result.env_path


async def test_no_such_version(make_builder, tmp_path, request_for):
    log = []
    with pytest.raises(BuildFailed, match=r"No matching version found for cowsay@99\.0\.0"):
        await make_builder(tmp_path / "home").build(request_for("n4", node_packages=("cowsay@99.0.0",)), log.append)


async def test_lock_of_something_else(make_builder, tmp_path, request_for):
    with pytest.raises(BuildFailed, match="node packages cannot be used"):
        await make_builder(tmp_path / "home").build(
            request_for("n5", node_packages=WANTED, lock="six==1.17.0 --hash=sha256:00"), lambda _line: None
        )
