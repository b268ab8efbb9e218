"""Builds, run for real: packages from an index or from folders, in the sandbox, cached, locked, and safe."""

import asyncio
import time
import zipfile

import pytest

from hothouse.apps.builds import BuildFailed
from hothouse.apps.builds.places import Places


class Log(list):
    def __call__(self, line):
        self.append(line)


@pytest.fixture
def log():
    return Log()


class TestBuild:
    async def test_from_the_index(self, make_builder, shared_home, request_for, log, run_python):
        request = request_for("b1", {"requirements.txt": "six==1.17.0  # pinned\n"}, requirements="requirements.txt")
        result = await make_builder(shared_home).build(request, log)
        assert "six==1.17.0" in result.lock
        assert "--hash=sha256:" in result.lock
        assert not result.cached
        assert run_python(result.env_path, "import six; print(six.__version__)") == "1.17.0"
        assert log[0] == "Resolving 1 requirement"
        assert "Installing 1 package" in log
        assert " + six==1.17.0" in log
        assert log[-1].startswith("The environment is ready: 1 package")

    async def test_environment_is_compiled_and_belongs_to_no_app(self, make_builder, shared_home, request_for, log):
        result = await make_builder(shared_home).build(request_for("b2", packages=["six==1.17.0"]), log)
        assert list(result.env_path.rglob("six.cpython-*.pyc"))
        writable = [
            path for path in result.env_path.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o022
        ]
        assert writable == []
        assert result.env_path.stat().st_mode & 0o005 == 0o005

    async def test_same_requirements_again(self, make_builder, shared_home, request_for, log):
        first = await make_builder(shared_home).build(request_for("b3", packages=["six==1.17.0"]), log)
        started = time.monotonic()
        second = await make_builder(shared_home).build(request_for("b4", app_id="app2", packages=["six==1.17.0"]), log)
        assert time.monotonic() - started < 0.5
        assert second.cached
        assert (second.env_path, second.lock) == (first.env_path, first.lock)

    async def test_existing_lock_is_used(self, make_builder, shared_home, request_for, log, run_python):
        old = await make_builder(shared_home).build(request_for("b5", packages=["six==1.16.0"]), log)
        again = await make_builder(shared_home).build(request_for("b6", packages=["six"], lock=old.lock), log)
        assert again.lock_digest == old.lock_digest
        assert run_python(again.env_path, "import six; print(six.__version__)") == "1.16.0"

    async def test_nothing_required(self, make_builder, shared_home, request_for, log, run_python):
        result = await make_builder(shared_home).build(request_for("b7"), log)
        assert result.lock == ""
        assert run_python(result.env_path, "print(1)") == "1"

    async def test_scripts_work_after_the_move(
        self, make_builder, tmp_path, request_for, make_package, log, monkeypatch
    ):
        monkeypatch.setenv("UV_FIND_LINKS", str(make_package("hh-plain", code="def main(): print('ran')")))
        monkeypatch.setenv("UV_OFFLINE", "1")
        result = await make_builder(tmp_path / "home").build(request_for("b8", packages=["hh-plain"]), log)
        script = (result.env_path / "bin/activate").read_text()
        assert "staging" not in script

    async def test_leaves_nothing_behind(self, make_builder, tmp_path, request_for, log):
        home = tmp_path / "home"
        result = await make_builder(home).build(request_for("b9"), log)
        envs = home / "envs"
        assert [path.name for path in envs.iterdir() if not path.name.startswith(".")] == [result.env_path.name]
        assert list((home / "builds").iterdir()) == []
        assert list((envs / ".control").iterdir()) == []
        assert list((envs / ".cache/staging").iterdir()) == []

    async def test_several_at_once_for_the_same_lock(self, make_builder, tmp_path, request_for, log):
        home = tmp_path / "home"
        requests = [request_for(f"same{number}", app_id=f"app{number}") for number in range(4)]
        results = await asyncio.gather(*(make_builder(home).build(request, log) for request in requests))
        assert len({result.env_path for result in results}) == 1
        assert sorted(result.cached for result in results) == [False, True, True, True]


class TestFailures:
    async def test_unknown_package(self, make_builder, shared_home, request_for, log):
        request = request_for("f1", packages=["hothouse-test-no-such-package"])
        with pytest.raises(BuildFailed) as caught:
            await make_builder(shared_home).build(request, log)
        assert caught.value.step == "resolve"
        assert "hothouse-test-no-such-package was not found" in caught.value.reason
        assert caught.value.log_tail

    async def test_conflict(self, make_builder, shared_home, request_for, log):
        request = request_for("f2", packages=["six==1.16.0", "six==1.17.0"])
        with pytest.raises(BuildFailed, match=r"six==1\.16\.0 and six==1\.17\.0"):
            await make_builder(shared_home).build(request, log)

    async def test_failed_build_can_be_tried_again(
        self, make_builder, tmp_path, request_for, make_package, monkeypatch, log
    ):
        monkeypatch.setenv("UV_OFFLINE", "1")
        monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "links"))
        (tmp_path / "links").mkdir()
        builder = make_builder(tmp_path / "home")
        with pytest.raises(BuildFailed):
            await builder.build(request_for("f3", packages=["hh-late"]), log)
        make_package("hh-late")
        result = await builder.build(request_for("f3", packages=["hh-late"]), log)
        assert "hh-late==1.0" in result.lock

    async def test_wrong_hash(self, make_builder, shared_home, request_for, log):
        lock = f"six==1.17.0 --hash=sha256:{'0' * 64}\n"
        with pytest.raises(BuildFailed) as caught:
            await make_builder(shared_home).build(request_for("f4", lock=lock), log)
        assert caught.value.step == "install"
        assert "ash mismatch" in caught.value.reason

    async def test_too_slow(self, sdist_backend, make_builder, tmp_path, request_for, make_package, log, monkeypatch):
        code = "import time\ndef get_requires_for_build_wheel(s=None):\n    time.sleep(600)\n" + sdist_backend
        monkeypatch.setenv("UV_FIND_LINKS", str(make_package("hh-slow", kind="sdist", build_code=code)))
        monkeypatch.setenv("UV_OFFLINE", "1")
        builder = make_builder(tmp_path / "home", timeout_seconds=3)
        with pytest.raises(BuildFailed, match="took longer than"):
            await builder.build(request_for("f5", packages=["hh-slow"]), log)
        assert list((tmp_path / "home/builds").iterdir()) == []

    async def test_secrets_of_the_index_are_not_shown(self, make_builder, tmp_path, request_for, log, monkeypatch):
        monkeypatch.setenv("UV_DEFAULT_INDEX", "http://ada:hunter2@127.0.0.1:9/simple")
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        with pytest.raises(BuildFailed) as caught:
            await make_builder(tmp_path / "home").build(request_for("f6", packages=["six"]), log)
        assert "hunter2" not in str((log, caught.value.reason, caught.value.log_tail))

    async def test_platform_environment_is_not_shown(
        self, sdist_backend, make_builder, tmp_path, request_for, make_package, log, monkeypatch
    ):
        monkeypatch.setenv("HOTHOUSE_INTERNAL_KEY", "do-not-tell")
        code = inside("raise SystemExit(f'saw {sorted(os.environ.items())}')")
        monkeypatch.setenv("UV_FIND_LINKS", str(make_package("hh-spy", kind="sdist", build_code=sdist_backend + code)))
        monkeypatch.setenv("UV_OFFLINE", "1")
        with pytest.raises(BuildFailed) as caught:
            await make_builder(tmp_path / "home").build(request_for("f7", packages=["hh-spy"]), log)
        assert "saw" in "\n".join(log)
        assert "do-not-tell" not in "\n".join(log)
        assert "hh-spy" in caught.value.reason


def inside(code):
    """Code for a build backend that runs in the sandbox only, not where the test makes the sdist."""
    body = "\n".join(f"    {line}" for line in code.strip().splitlines())
    return f"import os\nif 'STAGING' in os.environ:\n{body}\n"


class TestFromSource:
    async def test_is_private_to_the_app(
        self, sdist_backend, make_builder, tmp_path, request_for, make_package, log, monkeypatch, run_python
    ):
        monkeypatch.setenv("UV_FIND_LINKS", str(make_package("hh-source", kind="sdist", build_code=sdist_backend)))
        monkeypatch.setenv("UV_OFFLINE", "1")
        home = tmp_path / "home"
        one = await make_builder(home).build(request_for("s1", app_id="app1", packages=["hh-source"]), log)
        two = await make_builder(home).build(request_for("s2", app_id="app2", packages=["hh-source"]), log)
        again = await make_builder(home).build(request_for("s3", app_id="app1", packages=["hh-source"]), log)
        assert run_python(one.env_path, "import hh_source; print(hh_source.made)") == "from source"
        assert one.env_path != two.env_path
        assert (again.env_path, again.cached) == (one.env_path, True)
        assert "building from source" in "\n".join(log)
        assert not list((home / "envs/.cache").rglob("hh_source*.py"))

    async def test_goes_with_its_app(
        self, sdist_backend, make_builder, tmp_path, request_for, make_package, log, monkeypatch
    ):
        monkeypatch.setenv("UV_FIND_LINKS", str(make_package("hh-source", kind="sdist", build_code=sdist_backend)))
        monkeypatch.setenv("UV_OFFLINE", "1")
        builder = make_builder(tmp_path / "home")
        shared = await builder.build(request_for("s4", app_id="app1"), log)
        one = await builder.build(request_for("s5", app_id="app1", packages=["hh-source"]), log)
        two = await builder.build(request_for("s6", app_id="app2", packages=["hh-source"]), log)
        await builder.forget_app("app1")
        assert [path.is_dir() for path in (one.env_path, two.env_path, shared.env_path)] == [False, True, True]
        assert [path.name for path in (tmp_path / "home/envs/.private").iterdir()] == ["app2"]

    async def test_code_of_packages_reaches_nothing_shared(
        self, sdist_backend, make_builder, tmp_path, request_for, make_package, log, monkeypatch
    ):
        attack = inside("""
import pathlib
staging = pathlib.Path(os.environ["STAGING"])
envs = staging.parents[3]
control = pathlib.Path(os.environ["CONTROL"])
for path in (envs / ".cache", envs / ".wheels", envs / ".locks", envs, envs.parent, control):
    try:
        (path / "planted").write_text("x")
    except OSError:
        print("kept out of", path.name)
(staging / "lock.txt").symlink_to("/etc/passwd")
raise SystemExit("attacked")
""")
        monkeypatch.setenv(
            "UV_FIND_LINKS", str(make_package("hh-evil", kind="sdist", build_code=sdist_backend + attack))
        )
        monkeypatch.setenv("UV_OFFLINE", "1")
        home = tmp_path / "home"
        with pytest.raises(BuildFailed):
            await make_builder(home).build(request_for("e1", packages=["hh-evil"]), log)
        assert "attacked" in "\n".join(log)
        assert list(home.rglob("planted")) == []

    async def test_planted_links_lead_nowhere(self, tmp_path):
        area = Places(tmp_path, None, None).area("app1")
        outside = tmp_path / "outside"
        (outside / "b1/env").mkdir(parents=True)
        (outside / "b1/lock.txt").write_text("secret")
        area.root.mkdir(parents=True)
        (area.root / "staging").symlink_to(outside)
        assert area.read_lock("b1") is None
        assert not area.publish("b1", tmp_path / "target")
        area.clear("b1")
        assert (outside / "b1/env").is_dir()

    async def test_wheels_with_start_up_code_never_run_it_during_the_build(
        self, make_builder, tmp_path, request_for, log, monkeypatch
    ):
        links = tmp_path / "links"
        links.mkdir()
        with zipfile.ZipFile(links / "hh_pth-1.0-py3-none-any.whl", "w") as wheel:
            info = "hh_pth-1.0.dist-info"
            wheel.writestr("hh_pth.pth", "import os; os.write(1, b'start-up code ran'); os.kill(os.getpid(), 9)\n")
            wheel.writestr("hh_pth-1.0.data/data/hothouse/start_dash.py", "planted")
            wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: hh-pth\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        monkeypatch.setenv("UV_FIND_LINKS", str(links))
        monkeypatch.setenv("UV_OFFLINE", "1")
        result = await make_builder(tmp_path / "home").build(request_for("p1", packages=["hh-pth"]), log)
        assert "start-up code ran" not in "\n".join(log)
        assert "planted" not in (result.env_path / "hothouse/start_dash.py").read_text()
