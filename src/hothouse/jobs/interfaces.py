"""What a feature implements to have work done in the background."""

from collections.abc import Callable
from typing import Any, Protocol

from hothouse.database.connection import Document

WriteLine = Callable[[str, str], None]  # (stream, text)


class JobFailed(Exception):
    """The work cannot be done, and trying again would not help.

    `reason` is for people; `details` is kept with the job (e.g. the step and the last log lines).
    """

    def __init__(self, reason: str, **details: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = details


class Handler(Protocol):
    """Does jobs of one kind."""

    async def __call__(self, job: Document, write: WriteLine) -> dict[str, Any]:
        """Do the work and return its result.

        May be called again for the same job after a worker died half-way, so it picks up or starts over. It is
        cancelled when the worker stops, the job was given to another worker, or was called off.
        Raises: `JobFailed`; anything else is retried.
        """
        ...

    async def abandon(self, job: Document) -> None:
        """End whatever still runs of a job that was called off and remove its traces; repeated after a failure."""
        ...
