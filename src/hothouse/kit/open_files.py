"""How many files and sockets a process may have open."""

import resource

ENOUGH = 65_536


def raise_open_files() -> int:
    """Raise this process's soft limit of open files to the hard one, as far as that is of use; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft if soft != resource.RLIM_INFINITY else wanted
