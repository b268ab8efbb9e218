"""The arguments given to bubblewrap, as root and as an ordinary user."""

import os
from pathlib import Path

import pytest

from hothouse.launch.backends.local import bubblewrap
from hothouse.launch.backends.local.tools import Tools
from hothouse.launch.interfaces import Limits, Mount, WorkloadSpec

FOUND = Tools(
    bwrap="/usr/bin/bwrap",
    setpriv="/usr/bin/setpriv",
    prlimit="/usr/bin/prlimit",
    options=frozenset({"--disable-userns"}),
)


def arguments(built: bubblewrap.Command) -> list[str]:
    return built.blobs[0].split("\0")


def spec(folder: Path, *mounts: Mount) -> WorkloadSpec:
    return WorkloadSpec(
        workload_id="w",
        argv=("run", "--secret-free"),
        env={"PASSWORD": "hunter2", "HOME": "/a:b"},
        cwd=folder,
        mounts=mounts,
        limits=Limits(processes=20),
        uid=1234,
    )


class TestCommand:
    def test_secrets_are_not_in_argv(self, tmp_path: Path) -> None:
        built = bubblewrap.command(spec(tmp_path), forbidden=tmp_path / "root", found=FOUND)
        assert "hunter2" not in " ".join(built.argv)
        assert "hunter2" in arguments(built)

    def test_as_root(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        built = bubblewrap.command(spec(tmp_path), forbidden=tmp_path / "root", found=FOUND)
        assert built.argv[4:9] == ["/usr/bin/setpriv", "--reuid", "1234", "--regid", "1234"]
        assert "--no-new-privs" in built.argv
        assert "--unshare-user" not in arguments(built)

    def test_as_an_ordinary_user(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        built = bubblewrap.command(spec(tmp_path), forbidden=tmp_path / "root", found=FOUND)
        assert built.argv[4:] == ["/usr/bin/prlimit", "--nproc=20", "--", "run", "--secret-free"]
        assert {"--unshare-user", "--disable-userns"} <= set(arguments(built))
        assert "--cap-add" not in arguments(built)

    def test_account_line_cannot_be_forged(self, tmp_path: Path) -> None:
        built = bubblewrap.command(spec(tmp_path), forbidden=tmp_path / "root", found=FOUND)
        assert built.blobs[1] == "app:x:1234:1234:app:/:/bin/sh\n"

    def test_outer_mounts_come_first(self, tmp_path: Path) -> None:
        inner = tmp_path / "outer" / "inner"
        inner.mkdir(parents=True)
        mounts = (Mount(source=inner, writable=True), Mount(source=inner.parent))
        given = arguments(bubblewrap.command(spec(tmp_path, *mounts), forbidden=tmp_path / "root", found=FOUND))
        outer_at = given.index(str(inner.parent))
        assert given[outer_at - 1 : outer_at + 2] == ["--ro-bind", str(inner.parent), str(inner.parent)]
        assert given[outer_at + 2 : outer_at + 5] == ["--bind", str(inner), str(inner)]
