"""Write what each level of isolation contains, from the attacks that test it."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.attacks.sandbox.app.catalogue import COLUMNS, DEFENCES, GROUPS, Attack, load  # noqa: E402

from hothouse.launch.levels import MISSING  # noqa: E402

PAGE = "reference/levels.md"

INTRODUCTION = """\
# Levels of isolation

How well workloads are contained depends on the machine. Hothouse finds out by trying; `hothouse doctor`, the pages of
apps and the API say which level was reached and why it is not higher. `HOTHOUSE_LAUNCH_MINIMUM_LEVEL` refuses to run
code below a level.

| level | what it is made of |
| --- | --- |
| `strong` | bubblewrap started by root, and every one of: {layers} |
| `good` | bubblewrap, and what of these there is: for an ordinary user the filter and the private network |
| `container` | podman, for what runs in an image: no capabilities, and what of these there is |
| `weak` | plain processes, and what of these there is: for code you would run yourself |

Where disk space is not limited by a file system of its own (`disk`), it is watched: a workload that takes more than it
may is ended after some seconds.

## What each level contains

Below are the {count} attacks of `tests/attacks/sandbox`. Every one is run at every level on every change, and once more
with no defence at all, to see that it would succeed. `held` means that it does not get through; **gap** that it does,
or may. `good`, `container` and `weak` are what an ordinary user gets; `with root` stands for a user of its own and
limits, in a container or as a plain process. On a machine that lacks a part (a writable control group, say), what that
part alone stops is a gap, too.

¹ Not seen to succeed everywhere: that depends on the machine or its kernel, or it would do harm.
"""

TITLES = {
    "files": "Files",
    "processes": "Processes and users",
    "network": "Network",
    "limits": "Limits",
    "kernel": "The kernel's surface",
    "leftovers": "Leftovers",
    "log": "The log",
}


def render() -> str:
    """Return the page."""
    attacks = load()
    layers = ", ".join(f"`{layer}`" for layer in MISSING if layer in DEFENCES)
    return "\n".join([INTRODUCTION.format(count=len(attacks), layers=layers), *_sections(list(attacks.values()))])


def _sections(attacks: list[Attack]) -> Iterator[str]:
    for group in GROUPS:
        yield f"### {TITLES[group]}\n"
        yield f"| attack | {' | '.join(COLUMNS)} | stopped by any of |"
        yield "| --- " * (len(COLUMNS) + 2) + "|"
        for attack in attacks:
            if attack.group == group:
                cells = ["held" if attack.is_contained(defences) else "**gap**" for defences in COLUMNS.values()]
                stops = "; ".join(DEFENCES[name] for name in attack.stopped_by)
                mark = " ¹" if attack.unseen else ""
                yield f"| {attack.what.rstrip('.')}{mark} | {' | '.join(cells)} | {stops} |"
        yield ""
