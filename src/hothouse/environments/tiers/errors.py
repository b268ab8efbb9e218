"""Errors of this part.

Problem
├── TierInUse       409  somebody has the tier, or it is everybody's
└── LimitReached    409  as many environments run as a tier allows
"""

from collections.abc import Sequence

from hothouse.kit.problems import Conflict


class TierInUse(Conflict):
    """Somebody has the tier, or it is that of people who were given none."""

    slug, title = "tier-in-use", "Tier in use"


class LimitReached(Conflict):
    """As many of a person's environments run as their tier allows."""

    slug, title = "environment-limit-reached", "Limit reached"

    def __init__(self, tier: str, allowed: int, running: Sequence[str]) -> None:
        if not allowed:
            super().__init__(f'The tier "{tier}" allows no environments. Ask an admin for another tier.')
            return
        at_once = "one environment" if allowed == 1 else f"{allowed} environments"
        super().__init__(
            f'The tier "{tier}" allows {at_once} at once, and there is {", ".join(running)}. '
            "Stop one of them, or ask an admin for another tier."
        )
