"""Errors of this part.

Problem
└── NothingToExtend   409  apps are not stopped for being idle too long
"""

from hothouse.kit.problems import Conflict


class NothingToExtend(Conflict):
    """It is an app, which wakes by itself."""

    slug, title = "nothing-to-extend", "Nothing to extend"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is an app: it wakes at the next visit. Set how long it stays awake in its settings.")
