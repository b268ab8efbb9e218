"""What a command tells the person who typed it, instead of a traceback.

CliError            one line: what is wrong and what to do
└── ApiProblem      the platform answered problem+json
"""

from collections.abc import Mapping
from typing import Any


class CliError(Exception):
    """Ends the command with exit code 1; `problem` is what `--json` prints on standard error."""

    def __init__(self, message: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.problem = (
            dict(problem)
            if problem
            else {
                "type": "/problems/cli",
                "title": "The command could not be carried out",
                "status": 0,
                "detail": message,
            }
        )


class ApiProblem(CliError):
    """The platform refused; `status` and `type` are those of its answer."""

    def __init__(self, problem: Mapping[str, Any], hint: str = "") -> None:
        text = str(problem.get("detail") or problem.get("title") or f"HTTP {problem.get('status')}")
        errors = [f"  {error.get('pointer', '')}: {error.get('message', '')}" for error in problem.get("errors") or ()]
        super().__init__("\n".join([" ".join(filter(None, (text, hint))), *errors]), problem)
        self.status = int(problem.get("status") or 0)
        self.type = str(problem.get("type", ""))
