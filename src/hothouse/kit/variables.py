"""Names of environment variables that workloads may be given."""

import re

ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}\Z")
PLATFORM_ENV = frozenset(
    {
        "PORT",
        "HOST",
        "HOME",
        "PATH",
        "LANG",
        "TMPDIR",
        "PYTHONUNBUFFERED",
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
    }
)
"""Variables the platform sets itself; so are all that start with `HOTHOUSE_`."""


def env_problem(name: str) -> str | None:
    """Say what is wrong with the name of an environment variable, or None."""
    if not ENV_NAME.match(name):
        return f'"{name}" is not a variable name; use letters, digits and underscores, not starting with a digit.'
    if name in PLATFORM_ENV or name.upper().startswith("HOTHOUSE_"):
        return f'"{name}" is set by the platform; choose another name.'
    return None
