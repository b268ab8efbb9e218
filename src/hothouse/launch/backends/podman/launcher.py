"""PodmanLauncher: workloads in containers, from images."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.backends.local.keeper.plan import Plan
from hothouse.launch.errors import InvalidSpecError
from hothouse.launch.interfaces import Isolation, Level, WorkloadSpec

from .plans import check_image, make_plan

_UNUSED = Isolation(level="container", mechanism="podman")


class PodmanLauncher(LocalLauncher):
    """Runs workloads that name an image. A keeper sees each through, as it does plain ones: it runs podman.

    So everything that is asked of a workload later is answered from the keeper's files, and podman is asked nothing.
    """

    name = "podman"
    has_spares = False

    def __init__(self, root: Path, find: Callable[[], Isolation], minimum_level: Level = "weak") -> None:
        """Make it; `find` tries what isolation podman gives here (a second or two), once the first workload starts."""
        super().__init__(root, _UNUSED, minimum_level)
        self._find = cache(find)

    def _prepare(self, spec: WorkloadSpec) -> None:
        check_image(spec)
        if spec.waits:
            raise InvalidSpecError(f"workload {spec.workload_id} waits to be told to go, which containers do not")
        self._isolation = self._find()

    def _plan(self, spec: WorkloadSpec, folder: Path) -> Plan:
        return make_plan(spec, folder, self._isolation, self._hierarchy)
