"""Errors of viewing as somebody else.

Problem
└── CannotImpersonate   409
"""

from hothouse.kit.problems import Problem


class CannotImpersonate(Problem):
    """This account cannot be viewed as, or not this way."""

    slug, title, status = "cannot-impersonate", "Cannot view as this person", 409
