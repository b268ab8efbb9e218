"""Errors of this feature.

Problem
└── NotAsked   422  more was to be granted than was asked for
"""

from collections.abc import Sequence

from hothouse.kit.problems import FieldProblem, Invalid


class NotAsked(Invalid):
    """A grant never gives more than its reader asks for."""

    slug, title = "not-asked", "Not asked for"

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(error.message for error in errors), errors=errors)
