"""Errors of this feature.

Problem
└── AuditAway            503
"""

from hothouse.kit.problems import Problem


class AuditAway(Problem):
    """What was asked for cannot be put on record, so it was not done."""

    slug, title, status = "audit-away", "Record not writable", 503

    def __init__(self) -> None:
        super().__init__(
            "This cannot be put on record at the moment, so nothing was changed. Try again shortly.",
            headers={"Retry-After": "2"},
        )
