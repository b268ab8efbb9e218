"""What the machine is found to offer."""

import sys
from pathlib import Path

import pytest

from hothouse.launch import levels, preflight
from hothouse.launch.backends.local import cgroups, seccomp
from hothouse.launch.backends.local.tools import find_tools
from hothouse.launch.errors import IsolationMissingError


@pytest.fixture
def without_bwrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    find_tools.cache_clear()


@pytest.fixture(autouse=True)
def _fresh_tools():
    yield
    find_tools.cache_clear()


class TestDetect:
    def test_process_says_why(self) -> None:
        isolation = preflight.detect("process")
        assert (isolation.level, isolation.mechanism) == ("weak", "process")
        assert "HOTHOUSE_LAUNCH_ISOLATION" in isolation.reasons[0]

    def test_without_bubblewrap(self, without_bwrap: None) -> None:
        isolation = preflight.detect()
        assert (isolation.level, isolation.mechanism) == ("weak", "process")
        expected = "is not installed" if sys.platform == "linux" else "needs Linux"
        assert expected in isolation.reasons[0]

    def test_bubblewrap_by_name_but_missing(self, without_bwrap: None) -> None:
        with pytest.raises(IsolationMissingError, match=r"not installed|needs Linux"):
            preflight.detect("bubblewrap")

    def test_bubblewrap_that_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Being installed is not enough: a container may forbid what bubblewrap needs."""
        fake = tmp_path / "bwrap"
        options = "--args --json-status-fd --perms --size --ro-bind-data"
        fake.write_text(
            f"#!/bin/sh\n[ \"$1\" = --help ] && echo '{options}' && exit\necho 'no permission' >&2\nexit 1\n"
        )
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        find_tools.cache_clear()
        isolation = preflight.detect()
        assert isolation.mechanism == "process"
        assert ("no permission" if sys.platform == "linux" else "needs Linux") in isolation.reasons[0]

    def test_old_bubblewrap(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        fake = tmp_path / "bwrap"
        fake.write_text("#!/bin/sh\necho --args\n")
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        find_tools.cache_clear()
        with pytest.raises(IsolationMissingError, match="too old"):
            find_tools()

    def test_strong_is_without_reasons(self) -> None:
        for preferred in ("auto", "process"):
            isolation = preflight.detect(preferred)
            assert (isolation.level == "strong") == (not isolation.reasons)
            assert (isolation.level == "strong") == (set(isolation.layers) == set(levels.MISSING))

    def test_without_the_filter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A kernel that takes no filter still isolates, and says what is missing."""
        monkeypatch.setattr(seccomp, "program", lambda: b"\0" * 4)
        isolation = preflight.detect()
        assert "system-calls" not in isolation.layers
        assert "system calls are not filtered" in isolation.reasons

    def test_missing_limits_are_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cgroups, "find", lambda: None)
        reasons = preflight.detect("process").reasons
        assert any(reason.startswith("memory is not limited") for reason in reasons)


@pytest.mark.skipif(sys.platform != "linux", reason="sandboxes need Linux")
class TestNetwork:
    def test_private_with_internet(self) -> None:
        found = preflight.private_network("private")
        assert (found.layers, found.why) == (("network", "internet"), ())

    def test_shared_by_name_says_so(self) -> None:
        isolation = preflight.detect("bubblewrap", "shared")
        assert "network" not in isolation.layers
        assert any("HOTHOUSE_LAUNCH_NETWORK=shared" in reason for reason in isolation.reasons)
        assert isolation.level == "good"

    def test_without_what_connects_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(preflight, "find_slirp", lambda: None)
        isolation = preflight.detect("bubblewrap", "private")
        assert "network" in isolation.layers
        assert any("slirp4netns does not work here: it is not installed" in reason for reason in isolation.reasons)

    def test_asked_for_but_not_working(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(preflight, "try_launch", lambda *_: "no permission")
        with pytest.raises(IsolationMissingError, match="private networks do not work here: no permission"):
            preflight.private_network("private")
        assert preflight.private_network().why == ("private networks do not work here: no permission",)

    def test_plain_processes_have_none(self) -> None:
        with pytest.raises(IsolationMissingError, match="need bubblewrap"):
            preflight.detect("process", "private")


class TestExamine:
    def test_covers_everything_once(self) -> None:
        names = [finding.name for finding in preflight.examine()]
        assert len(names) == len(set(names)) == 12

    def test_what_is_not_ok_comes_with_advice(self) -> None:
        assert all(finding.advice for finding in preflight.examine() if finding.state != "ok")
