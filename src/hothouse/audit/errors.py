"""Errors of this feature.

Problem
├── AuditAway            503
└── Conflict             409
    └── AlreadyVerifying
"""

from hothouse.kit.problems import Conflict, Problem


class AuditAway(Problem):
    """What was asked for cannot be put on record, so it was not done."""

    slug, title, status = "audit-away", "Record not writable", 503

    def __init__(self) -> None:
        super().__init__(
            "This cannot be put on record at the moment, so nothing was changed. Try again shortly.",
            headers={"Retry-After": "2"},
        )


class AlreadyVerifying(Conflict):
    """Somebody asked for the same before, and it is still going on."""

    slug, title = "already-verifying", "Already being verified"

    def __init__(self) -> None:
        super().__init__("The record is being verified at this moment. Wait for the result.")
