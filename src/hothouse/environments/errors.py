"""Errors of this feature.

Problem
├── TemplateTaken           409  another template has that name in addresses
├── TemplateInUse           409
├── SpecRefused             422  what an environment was asked to be cannot be carried out
├── NameTaken               409  one of the same person's environments has that name
├── EnvironmentBusy         409  its state does not allow it now
├── EnvironmentRemaining    422  deletion was not confirmed
├── WorkspaceTaken          409  one of the same person's workspaces has that name
└── WorkspaceInUse          409
"""

from collections.abc import Sequence

from hothouse.kit.problems import Conflict, FieldProblem, Invalid


class TemplateTaken(Conflict):
    """Another template has that slug."""

    slug, title = "template-taken", "Template's name taken"

    def __init__(self, slug: str) -> None:
        super().__init__(f'There is a template "{slug}" already. Choose another name.')


class TemplateInUse(Conflict):
    """Environments were started from the template."""

    slug, title = "template-in-use", "Template in use"

    def __init__(self, slug: str, count: int) -> None:
        what = "an environment was" if count == 1 else f"{count} environments were"
        super().__init__(f"{what.capitalize()} started from {slug}. Retire it instead: nobody starts from it then.")


class SpecRefused(Invalid):
    """What an environment was asked to be cannot be carried out; each problem is listed."""

    slug, title = "environment-refused", "Environment refused"

    def __init__(self, errors: Sequence[FieldProblem]) -> None:
        super().__init__(" ".join(error.message for error in errors), errors=errors)


class NameTaken(Conflict):
    """One of the same person's environments has that name, and is another one."""

    slug, title = "environment-name-taken", "Name taken"

    def __init__(self, name: str) -> None:
        super().__init__(
            f'You have an environment "{name}" with other settings. Start that one, or choose another name.'
        )


class EnvironmentBusy(Conflict):
    """Its state does not allow it now."""

    slug, title = "environment-busy", "Not now"


class EnvironmentRemaining(Invalid):
    """A deletion was asked for without naming what is to be deleted."""

    slug, title = "environment-deletion-not-confirmed", "Deletion not confirmed"

    def __init__(self, slug: str) -> None:
        super().__init__(f"To delete this environment for good, confirm with its address name: {slug}.")


class WorkspaceTaken(Conflict):
    """One of the same person's workspaces has that name."""

    slug, title = "workspace-name-taken", "Name taken"

    def __init__(self, name: str) -> None:
        super().__init__(f'You have a workspace "{name}" already. Choose another name.')


class WorkspaceInUse(Conflict):
    """An environment has the workspace."""

    slug, title = "workspace-in-use", "Workspace in use"

    def __init__(self, name: str, by: Sequence[str]) -> None:
        super().__init__(f'The workspace "{name}" is in use by {", ".join(by)}. Stop or delete that first.')
