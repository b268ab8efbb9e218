"""Find the programs that a sandbox is built with."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from hothouse.launch.errors import IsolationMissingError

_NEEDED_OPTIONS = {"--args", "--json-status-fd", "--perms", "--size", "--ro-bind-data"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The programs a sandbox is built with, and what they can do."""

    bwrap: str
    setpriv: str | None
    prlimit: str | None
    options: frozenset[str]

    def has(self, option: str) -> bool:
        return option in self.options


@cache
def find_tools() -> Tools:
    """Find the programs on this machine.

    Raises:
        IsolationMissingError: bubblewrap is missing or too old, or setpriv is missing where root needs it.
    """

    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise IsolationMissingError("bubblewrap is not installed: install the package `bubblewrap`")
    said = subprocess.run([bwrap, "--help"], capture_output=True, text=True, check=False, timeout=10)
    options = frozenset(word for word in (said.stdout + said.stderr).split() if word.startswith("--"))
    old = _NEEDED_OPTIONS - options
    if old:
        raise IsolationMissingError(f"bubblewrap is too old (it lacks {', '.join(sorted(old))}): install 0.7 or newer")
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0 and setpriv is None:
        raise IsolationMissingError("setpriv is not installed: install the package `util-linux`")
    return Tools(bwrap=bwrap, setpriv=setpriv, prlimit=shutil.which("prlimit"), options=options)


def find_slirp() -> str | None:
    """Find the program that gives private networks internet access; None where it is not installed."""
    return shutil.which("slirp4netns", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/bin")
