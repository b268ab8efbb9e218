"""Start a program so that it ends when its parent does, however the parent ends.

Run as `python -I -S tether.py PARENT_PID SIGNAL PROGRAM ARGUMENT…`, with the standard library only: it replaces itself
by the program at once. A program of its own, because code between fork and exec is unsafe in a parent with threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the kernel for the signal on the parent's death (Linux only) and become the program."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(sys.argv[2]), 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):  # it died before the kernel knew
        sys.exit(1)
    try:
        os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.exit(f"cannot start {sys.argv[3]}: {error.strerror}")


if __name__ == "__main__":
    main()
