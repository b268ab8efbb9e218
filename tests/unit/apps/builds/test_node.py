"""npm's lock as one line of a lock: what is taken from it, and what is not."""

import json
from typing import Any

import pytest

from hothouse.apps.builds import BuildFailed
from hothouse.apps.builds.explain import reason_of
from hothouse.apps.builds.node import LOCK_PREFIX, locked_in

WANTED = ("tool@1.0.0",)
TOOL = {"version": "1.0.0", "integrity": "sha512-abc", "bin": {"tool": "cli.js"}}


def lock_of(packages: dict[str, Any], wanted: dict[str, str] | None = None) -> str:
    root = {"": {"dependencies": wanted or {"tool": "1.0.0"}}}
    return f"six==1.17.0 --hash=sha256:00\n{LOCK_PREFIX}{json.dumps({'packages': {**root, **packages}})}"


class TestLockedIn:
    def test_none_wanted(self) -> None:
        assert locked_in("six==1.17.0", ()) is None

    def test_what_is_wanted(self) -> None:
        nested = {"version": "2.0.0", "integrity": "sha512-def"}
        packages = {"node_modules/tool": TOOL, "node_modules/tool/node_modules/@scope/dep": nested}
        locked = locked_in(lock_of(packages), WANTED)
        assert locked is not None
        assert locked["packages"].items() >= packages.items()

    @pytest.mark.parametrize(
        ("lock", "why"),
        [
            ("six==1.17.0", "cannot be used"),
            (f"{LOCK_PREFIX}[]", "cannot be used"),
            (lock_of({}, {"tool": "1.0.1"}), "other packages"),
            (lock_of({"../../uv/evil": TOOL}), "not from the registry"),
            (lock_of({"node_modules/../../evil": TOOL}), "not from the registry"),
            (lock_of({"node_modules/tool": {**TOOL, "resolved": "https://evil.example.org/t.tgz"}}), "not from the"),
            (lock_of({"node_modules/tool": {**TOOL, "name": "evil"}}), "not from the registry"),
            (lock_of({"node_modules/tool": {**TOOL, "link": True}}), "not from the registry"),
            (lock_of({"node_modules/tool": {"version": "1.0.0"}}), "no hash"),
            (lock_of({"node_modules/tool": {**TOOL, "bin": {"../tool": "cli.js"}}}), "outside"),
            (lock_of({"node_modules/tool": {**TOOL, "bin": {"tool": "../../x"}}}), "outside"),
            (lock_of({"node_modules/tool": {**TOOL, "bin": "cli.js"}}), "cannot be used"),
        ],
    )
    def test_what_is_not_taken(self, lock: str, why: str) -> None:
        with pytest.raises(BuildFailed, match=why):
            locked_in(lock, WANTED)

    def test_one_that_nobody_wanted(self) -> None:
        with pytest.raises(BuildFailed, match="other packages"):
            locked_in(lock_of({"node_modules/tool": TOOL}), ())


def test_reason_by_npm() -> None:
    told = [
        "Resolving",
        "npm error code ETARGET",
        "npm error notarget No matching version found for tool@9.9.9.",
        "npm error notarget In most cases you or one of your dependencies are requesting",
        "npm error notarget a package version that doesn't exist.",
        "npm error A complete log of this run can be found in: /x/_logs/1.log",
    ]
    assert reason_of(told, "It failed.").startswith("No matching version found for tool@9.9.9. In most cases")
