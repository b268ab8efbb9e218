"""The shell scripts that builds run inside their sandbox, and the files they read.

Foreign code runs nowhere but in `uv` building a package from source, which only private builds allow. In particular
byte code is compiled by the base interpreter without `site`, so that no `.pth` file of a package is executed while the
shared cache is writable.
"""

import json
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from hothouse.apps.builds import node
from hothouse.apps.builds.kinds import STARTERS_FOLDER
from hothouse.apps.builds.places import COMPLETE_FILE
from hothouse.apps.builds.python import starters
from hothouse.apps.builds.requirements import Requirements

RESOLVE = """\
umask 022
rm -rf "$STAGING"
mkdir -p "$STAGING"
cd "$STAGING"
"$UV" pip compile "$CONTROL/requirements.in" --python "$PYTHON" --generate-hashes --no-header --no-annotate \
 {options} --quiet --output-file "$STAGING/lock.txt"
"""

INSTALL = """\
umask 022
rm -rf "$STAGING"
mkdir -p "$STAGING"
cd "$STAGING"
"$UV" venv --quiet --relocatable --python "$PYTHON" "$STAGING/env"
"$UV" pip sync --python "$STAGING/env/bin/python" --require-hashes --allow-empty-requirements {options} \
 "$CONTROL/lock.txt"
{node}"$PYTHON" -I -S -m compileall -qq -j 2 "$STAGING/env/lib" >/dev/null 2>&1 || true
rm -rf "$STAGING/env/.lock" "$STAGING/env/{folder}"
mkdir "$STAGING/env/{folder}"
cp "$CONTROL"/starters/* "$STAGING/env/{folder}/"
cp "$CONTROL/{complete}" "$STAGING/env/{folder}/{complete}"
"""


def write_resolve(control: Path, wanted: Requirements, *, allows_source: bool) -> None:
    """Write what resolving reads into a fresh control folder."""
    options = [] if allows_source else ["--no-build"]
    _make(control)
    (control / "requirements.in").write_text("\n".join([*wanted.options, *wanted.lines]) + "\n")
    for option, lines in (
        ("--constraint", wanted.constraints),
        ("--override", wanted.overrides),
        ("--excludes", wanted.excludes),
    ):
        if lines:
            path = control / f"{option.removeprefix('--')}.txt"
            path.write_text("\n".join(lines) + "\n")
            options += [option, str(path)]
    if wanted.node:
        node.write_wanted(control / "node", wanted.node)
    script = RESOLVE.format(options=shlex.join(options)) + (node.RESOLVE if wanted.node else "")
    (control / "resolve.sh").write_text(script)
    _open_to_builds(control)


def write_install(
    control: Path, lock: str, node_packages: Sequence[str], *, allows_source: bool, about: dict[str, str | None]
) -> None:
    """Write what installing reads into a fresh control folder. Raises: BuildFailed for a lock that is none."""
    locked = node.locked_in(lock, node_packages)
    _make(control)
    options = "" if allows_source else "--no-build"
    (control / "lock.txt").write_text(lock)
    (control / COMPLETE_FILE).write_text(json.dumps(about, indent=2) + "\n")
    (control / "starters").mkdir()
    for name, content in starters().items():
        (control / "starters" / name).write_bytes(content)
    if locked is not None:
        node.write_locked(control / "node", node_packages, locked)
    script = INSTALL.format(
        options=options,
        node=node.INSTALL if locked is not None else "",
        folder=STARTERS_FOLDER,
        complete=COMPLETE_FILE,
    )
    (control / "install.sh").write_text(script)
    _open_to_builds(control)


def _make(control: Path) -> None:
    if control.exists():
        shutil.rmtree(control)
    control.mkdir(parents=True)


def _open_to_builds(control: Path) -> None:
    """Let the user that builds run as read everything, whatever the platform's umask."""
    for path in (control, *control.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
