"""What quotas say to people."""

from collections.abc import Sequence

from hothouse.kit.amounts import bytes_in_words
from hothouse.quotas.amounts import Limit

_HINTS: dict[Limit, str] = {
    "apps": "Delete an app",
    "apps_running": "Stop an app",
    "environments": "Stop an environment",
    "cpu": "Stop something",
    "memory_bytes": "Stop something",
    "disk_bytes": "Delete files, and empty the bin",
    "database_bytes": "Delete documents",
}
_MOST_NAMES = 5


def amount_in_words(limit: Limit, amount: float) -> str:
    """Say how much of something.

    >>> amount_in_words("apps_running", 1), amount_in_words("cpu", 1.5), amount_in_words("disk_bytes", 2**30)
    ('1 running app', '1.5 cores', '1 GiB of disk')
    """
    match limit:
        case "apps":
            return _count(amount, "app")
        case "apps_running":
            return _count(amount, "running app")
        case "environments":
            return _count(amount, "running environment")
        case "cpu":
            return _count(amount, "core")
        case "memory_bytes":
            return f"{bytes_in_words(amount)} of memory"
        case "disk_bytes":
            return f"{bytes_in_words(amount)} of disk"
        case "database_bytes":
            return f"{bytes_in_words(amount)} in databases"


def hint(limit: Limit) -> str:
    """Say what somebody can do about it themselves."""
    return _HINTS[limit]


def by_words(names: Sequence[str], others: int) -> str:
    """Say by what something is taken; the things of others are counted, not named.

    >>> by_words(["Alpha", "Beta"], 1), by_words([], 2), by_words([], 0)
    (' by Alpha, Beta and 1 of others', ' by 2 of others', '')
    """
    parts = list(names[:_MOST_NAMES])
    if left := len(names) - len(parts):
        parts.append(f"{left} more")
    if others:
        parts.append(f"{others} of others")
    if not parts:
        return ""
    return f" by {', '.join(parts[:-1])} and {parts[-1]}" if parts[1:] else f" by {parts[0]}"


def _count(amount: float, what: str) -> str:
    return f"{amount:g} {what}{'' if amount == 1 else 's'}"
