"""How well this machine contains code, and which code may run that well contained at least."""

from typing import get_args

from hothouse.apps.schemas import IsolationInfo
from hothouse.environments.running.schemas import IsolationPolicy, KindLevel
from hothouse.environments.service import EnvironmentsContext
from hothouse.launch.levels import OF_IMAGES, is_at_least
from hothouse.settings import CodeKind


class Levels:
    """Answers questions about levels of isolation."""

    def __init__(self, context: EnvironmentsContext) -> None:
        self._context = context

    def policy(self) -> IsolationPolicy:
        """Tell what the machine reaches, and what is asked of it for each kind of code."""
        found, why_no_images = self._context.isolation, self._context.why_no_images()
        return IsolationPolicy(
            machine=IsolationInfo(level=found.level, mechanism=found.mechanism, reasons=list(found.reasons)),
            images=None if why_no_images else OF_IMAGES,
            why_no_images=why_no_images,
            kinds=[self._kind(code) for code in get_args(CodeKind)],
        )

    def _kind(self, code: CodeKind) -> KindLevel:
        launch = self._context.settings.launch
        minimum = launch.minimum_for(code)
        return KindLevel(
            code=code,
            minimum=minimum,
            is_own=code in launch.minimum_levels,
            is_refused=not is_at_least(self._context.isolation.level, minimum),
            are_images_refused=code == "environments" and not is_at_least(OF_IMAGES, minimum),
        )
