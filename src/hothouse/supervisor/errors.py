"""What can keep the platform from running.

SupervisorError
├── StartRefused   something outside must change first: another `up`, a taken port, a folder, a setting
└── StartFailed    a part was started and did not come up
"""


class SupervisorError(Exception):
    """One line for a person: what is wrong, where, and what to do next."""


class StartRefused(SupervisorError):
    """Nothing was started, because it could not have worked."""


class StartFailed(SupervisorError):
    """A part did not come up; `tail` holds the last lines it printed."""

    def __init__(self, message: str, tail: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.tail = tail
