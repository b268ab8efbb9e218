"""What levels of isolation are made of."""

from collections.abc import Iterable, Mapping

from hothouse.launch.errors import IsolationMissingError
from hothouse.launch.interfaces import Isolation, Layer, Level, Mechanism, Minimum

SETTING = "HOTHOUSE_LAUNCH_MINIMUM_LEVEL"
ORDER: tuple[Level, ...] = ("weak", "container", "good", "strong")

MISSING: Mapping[Layer, str] = {
    "users": "workloads run as the platform's own user: only root can give each a user of its own",
    "memory": "memory is not limited: no writable control group for it",
    "cpu": "processor time is not limited: no writable control group for it",
    "pids": "number of processes is not limited: no writable control group for it",
    "disk": "disk space is watched, not limited: images need root, loop devices and mkfs.ext4",
    "system-calls": "system calls are not filtered",
    "network": "workloads share the machine's network",
    "internet": "apps cannot have internet access: networks of their own are connected by slirp4netns",
}
"""Why a level is not higher, for each layer that is missing."""

OF_IMAGES: Level = "container"
"""What podman makes, whatever its layers: images bring programs of their own, and a runtime that is not ours."""

_BY_MECHANISM: Mapping[Mechanism, Level] = {"process": "weak", "podman": OF_IMAGES}


def grade(mechanism: Mechanism, layers: Iterable[Layer], *, why: Iterable[str] = ()) -> Isolation:
    """Say which level a mechanism and its layers make: `strong` is a sandbox with every layer there is."""
    present = tuple(layer for layer in MISSING if layer in set(layers))
    reasons = (*why, *(reason for layer, reason in MISSING.items() if layer not in present))
    level: Level = _BY_MECHANISM.get(mechanism, "good" if reasons else "strong")
    return Isolation(level=level, mechanism=mechanism, layers=present, reasons=reasons)


def require(isolation: Isolation, minimum: Minimum) -> None:
    """See that an isolation is good enough.

    Raises:
        IsolationMissingError: it is not; the message says why and which setting asks for more.
    """
    if not is_at_least(isolation.level, minimum.level):
        raise IsolationMissingError(
            f"{minimum.code} may run at level {minimum.level} or better here ({SETTING} or {SETTING}S), "
            f"and this machine reaches {isolation.level}: " + "; ".join(isolation.reasons)
        )


def is_at_least(level: Level, minimum: Level) -> bool:
    """Compare two levels."""
    return ORDER.index(level) >= ORDER.index(minimum)
