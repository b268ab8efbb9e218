"""What goes wrong with keys.

Exception
└── KeysDoNotFit    ends the start of a hub
Problem
└── RotationUnderWay  409
"""

from hothouse.kit.problems import Conflict


class KeysDoNotFit(Exception):
    """The keys are not those under which the database's secrets are sealed."""


class RotationUnderWay(Conflict):
    """The keys are being changed already."""

    slug, title = "rotation-under-way", "The keys are being changed"

    def __init__(self) -> None:
        super().__init__("Another hub, or another request, is changing the keys at the moment. Wait until it is done.")
