"""What workspaces ask of those who use them."""

from collections.abc import Awaitable, Callable
from typing import Protocol


class WorkspaceUsers(Protocol):
    """Knows which environments have a workspace."""

    async def users_of(self, workspace_id: str, *, is_running: bool = False) -> list[str]:
        """Return names of environments that have it, by name; with `is_running` only of those that run, or start."""
        ...


UidOf = Callable[[str], Awaitable[int | None]]
"""Returns the user id of a person's files, by the id of their account; None where the platform may not change them."""
