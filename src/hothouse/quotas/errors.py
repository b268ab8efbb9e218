"""Errors of this feature.

Problem
└── QuotaReached     409  a quota has no room for what was asked for
"""

from collections.abc import Sequence

from hothouse.kit.problems import Conflict
from hothouse.quotas.amounts import Limit
from hothouse.quotas.words import amount_in_words, by_words, hint


class QuotaReached(Conflict):
    """A quota has no room for what was asked for; says which, what takes it, and what to do."""

    slug, title = "quota-reached", "Quota reached"

    def __init__(
        self, whose: str, limit: Limit, allowed: float, used: float, asked: float, names: Sequence[str], others: int
    ) -> None:
        taken = f"{amount_in_words(limit, used)} {'are' if used != 1 else 'is'} taken{by_words(names, others)}"
        super().__init__(
            f"{whose} allows {amount_in_words(limit, allowed)}. {taken}, and this needs "
            f"{amount_in_words(limit, asked)} more. {hint(limit)}, or ask an admin for a larger quota."
        )
        self.limit = limit
