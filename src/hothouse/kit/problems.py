"""The base of every error a client may see, rendered as RFC 9457 problem details.

Problem
├── NotFound          404  also for what the caller may not see
├── Conflict          409
├── Invalid           422  carries one entry per offending field
└── …                      each feature's `errors.py` adds its own
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import BaseModel, Field


class FieldProblem(BaseModel):
    """One thing wrong with the input, and where."""

    pointer: str = Field(description="JSON pointer (RFC 6901) to the offending value; empty for the whole document.")
    message: str = Field(description="What is wrong and what would be right, in a sentence.")


class ProblemDetails(BaseModel):
    """The body of an error response, `application/problem+json`."""

    type: str = Field(description="Stable identifier of the kind of problem.")
    title: str = Field(description="The kind of problem in a few words; the same for each occurrence.")
    status: int
    detail: str = Field(description="What happened here and what to do about it.")
    errors: list[FieldProblem] | None = None


class Problem(Exception):
    """An error with a stable type, meant for the client.

    Subclasses set `slug`, `title` and `status`; the message says what was wrong, where, and what to do next.
    """

    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"
    status: ClassVar[int] = 500

    def __init__(
        self, detail: str, *, errors: Sequence[FieldProblem] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}

    def render(self) -> dict[str, Any]:
        """Return the problem as a JSON-ready dictionary."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.slug}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            body["errors"] = [error.model_dump() for error in self.errors]
        return body


class NotFound(Problem):
    """Nothing there, or nothing the caller may see: the two are answered alike."""

    slug, title, status = "not-found", "Not found", 404

    def __init__(self, detail: str = "There is nothing here, or it is not shared with you.") -> None:
        super().__init__(detail)


class Conflict(Problem):
    """The thing is not in a state that allows this."""

    slug, title, status = "conflict", "Conflict", 409


class Invalid(Problem):
    """The input does not say something the platform can act on."""

    slug, title, status = "invalid-input", "Invalid input", 422


class PreconditionFailed(Problem):
    """The thing changed since the caller read it."""

    slug, title, status = "changed-meanwhile", "Changed meanwhile", 412
