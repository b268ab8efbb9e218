"""`hothouse-sdk` comes from the platform's wheel by hash, whoever publishes that name elsewhere."""

import hashlib

import pytest

from hothouse.apps.builds import BuildFailed

FAKE = "raise SystemExit('this is not our SDK')\n"
TELL = "import importlib.metadata as m; print(m.version('hothouse-sdk'))"


@pytest.fixture
def hostile_index(make_package, monkeypatch):
    """A place that offers `hothouse-sdk` 99.0, and a package that asks for it."""
    make_package("hothouse-sdk", "99.0", code=FAKE)
    links = make_package("hh-wants-sdk", requires=["hothouse_sdk>=50"])
    monkeypatch.setenv("UV_FIND_LINKS", str(links))
    return links


class TestSdk:
    async def test_named_by_the_kind(
        self, make_builder, shared_home, request_for, hostile_index, sdk_wheel, run_python
    ):
        request = request_for("k1", {"index.html": ""}, kind="static", entry=".")
        result = await make_builder(shared_home).build(request, print)
        assert run_python(result.env_path, TELL) == "0.1.0"
        assert hashlib.sha256(sdk_wheel.read_bytes()).hexdigest() in result.lock
        assert "hothouse-sdk==" not in result.lock
        assert str(shared_home) not in result.lock

    @pytest.mark.parametrize(
        "line",
        ["hothouse-sdk==99.0", "Hothouse_SDK >= 99", "hothouse.sdk[x]", "hothouse-sdk @ https://example.org/x.whl"],
    )
    async def test_named_by_the_app(self, make_builder, shared_home, request_for, hostile_index, run_python, line):
        request = request_for("k2", {"requirements.txt": f"{line}\n"}, requirements="requirements.txt")
        result = await make_builder(shared_home).build(request, print)
        assert run_python(result.env_path, TELL) == "0.1.0"

    async def test_named_by_a_dependency(self, make_builder, shared_home, request_for, hostile_index, run_python):
        result = await make_builder(shared_home).build(request_for("k3", packages=["hh-wants-sdk"]), print)
        assert run_python(result.env_path, TELL) == "0.1.0"

    async def test_without_a_wheel_it_is_not_looked_for(
        self, make_builder, tmp_path, request_for, hostile_index, monkeypatch
    ):
        monkeypatch.setattr("hothouse.apps.builds.builder.find_wheel", lambda configured: None)
        monkeypatch.setenv("UV_OFFLINE", "1")
        builder = make_builder(tmp_path / "home")
        with pytest.raises(BuildFailed, match="carries no wheel"):
            await builder.build(request_for("k4", packages=["hothouse-sdk"]), print)
        result = await builder.build(request_for("k5", packages=["hh-wants-sdk"]), print)
        assert "hothouse-sdk" not in result.lock

    async def test_old_release_keeps_its_sdk(
        self, make_builder, shared_home, request_for, sdk_wheel, tmp_path, run_python
    ):
        request = request_for("k6", {"index.html": ""}, kind="static", entry=".")
        first = await make_builder(shared_home).build(request, print)
        newer = tmp_path / sdk_wheel.name
        newer.write_bytes(sdk_wheel.read_bytes() + b"newer")
        again = request_for("k7", {"index.html": ""}, kind="static", entry=".", lock=first.lock)
        assert (await make_builder(shared_home, sdk_wheel=newer).build(again, print)).env_path == first.env_path
