"""Letting what stands still go on at once, because somebody waits."""

from hothouse.launch.interfaces import Launcher


class Waking:
    """Thaws without the reconciler, which sees to it again: so it does no harm if both do, or if this is cut short.

    The record that it stands still is left for the reconciler to change: written here, it might be written just after
    the reconciler noted it and before that froze the workload, which nobody would thaw then.
    """

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher

    async def thaw(self, workload_id: str | None) -> None:
        """Let a workload go on, if there is one; what runs is left as it is."""
        if workload_id is not None:
            await self._launcher.thaw(workload_id)
