"""Errors of the secrets of a person.

Problem
├── SecretPathTaken     409
├── TooManySecrets      409
└── SecretExists        412
"""

from hothouse.kit.problems import Conflict, FieldProblem, PreconditionFailed


class SecretPathTaken(Conflict):
    """Another secret of the person is a file at that path, or above or below it."""

    slug, title = "secret-path-taken", "Path taken"

    def __init__(self, path: str, by: str | None = None) -> None:
        other = f'Your secret "{by}"' if by else "Another of your secrets"
        message = f'{other} is in the way of a file at "{path}". Choose another path, or delete that secret first.'
        super().__init__(message, errors=[FieldProblem(pointer="/path", message=message)])


class TooManySecrets(Conflict):
    """The person has as many secrets as one may have."""

    slug, title = "too-many-secrets", "Too many secrets"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} secrets, and nobody may have more. Delete one that you do not need.")


class SecretExists(PreconditionFailed):
    """There is a secret of that name, and it was not to be replaced."""

    slug, title = "secret-exists", "Secret exists"

    def __init__(self, name: str) -> None:
        message = f'You have a secret "{name}" already. Replace that one, or choose another name.'
        super().__init__(message, errors=[FieldProblem(pointer="/name", message=message)])
