"""Errors of workspaces and their files.

Problem
├── NoSuchFile         404
├── FileTaken          409  something has that name already
├── LinkRefused        409  a link is on the way; links are never followed
├── NotAFile           409  a folder, device, pipe or socket where a file is needed
├── NotEditable        409  too large, or no text
├── TooManyWorkspaces  409  one person may not have more
├── WorkspaceBusy      409  it is being copied or restored
├── UploadOutOfStep    409  a part of an upload does not begin where the last one ended
├── WriteRefused       409  the system does not let the platform write there
├── FileChanged        412  the file is not any more what the change was based on
├── TooManyFiles       413  more than can be packed
├── PathRefused        422  no path that can be in a workspace
├── NotConfirmed       422  a deletion did not name what is to be deleted
├── ChecksumWrong      422  what arrived is not what was sent
└── NoSpace            507  the quota, or the disk
"""

from hothouse.kit.problems import Conflict, FieldProblem, Invalid, NotFound, PreconditionFailed, Problem


class NoSuchFile(NotFound):
    """Nothing has that path."""

    def __init__(self, shown: str) -> None:
        super().__init__(f'There is no "{shown}" in this workspace.')


class FileTaken(Conflict):
    """Something has that path already."""

    slug, title = "file-there-already", "Something is there already"

    def __init__(self, shown: str) -> None:
        super().__init__(f'There is something at "{shown}" already. Choose another name, or replace it on purpose.')


class LinkRefused(Conflict):
    """A link is on the way."""

    slug, title = "link-refused", "Link refused"

    def __init__(self, shown: str) -> None:
        super().__init__(
            f'"{shown}" is a link, or leads through one. Links are not followed here; go to what it means.'
        )


class NotAFile(Conflict):
    """Something else is there than what is needed."""

    slug, title = "not-a-file", "Not a file"


class NotEditable(Conflict):
    """The file cannot be edited as text."""

    slug, title = "not-editable", "Not editable"


class WorkspaceBusy(Conflict):
    """It is being copied or restored."""

    slug, title = "workspace-busy", "Workspace busy"

    def __init__(self, name: str) -> None:
        super().__init__(f'The workspace "{name}" is being copied or restored. Try again when that is done.')


class UploadOutOfStep(Conflict):
    """A part does not begin where the last one ended."""

    slug, title = "upload-out-of-step", "Upload out of step"

    def __init__(self, offset: int) -> None:
        super().__init__(
            f"The upload has {offset} bytes so far; go on from there.", headers={"Upload-Offset": str(offset)}
        )


class WriteRefused(Conflict):
    """The system does not let the platform do that."""

    slug, title = "write-refused", "Write refused"

    def __init__(self, shown: str, why: str) -> None:
        super().__init__(f'"{shown}" could not be changed: {why}.')


class FileChanged(PreconditionFailed):
    """The file is not any more what the change was based on."""

    slug, title = "file-changed", "File changed meanwhile"

    def __init__(self, shown: str) -> None:
        super().__init__(f'"{shown}" changed meanwhile. Open it anew, and make your change again.')


class TooManyFiles(Problem):
    """More than can be packed."""

    slug, title, status = "too-many-files", "Too many files", 413

    def __init__(self, most: int) -> None:
        super().__init__(f"There are more than {most:,} files in this folder. Download its folders one by one.")


class PathRefused(Invalid):
    """That is no path that can be in a workspace."""

    slug, title = "path-refused", "Path refused"

    def __init__(self, why: str, pointer: str = "/path") -> None:
        super().__init__(why, errors=[FieldProblem(pointer=pointer, message=why)])


class ChecksumWrong(Invalid):
    """What arrived is not what was sent."""

    slug, title = "checksum-wrong", "Checksum wrong"

    def __init__(self) -> None:
        super().__init__("What arrived is not what was sent, by its checksum. Nothing of it was kept; send it again.")


class NoSpace(Problem):
    """The quota, or the disk, has no room for it."""

    slug, title, status = "no-space", "No space left", 507


class TooManyWorkspaces(Conflict):
    """One person may not have more."""

    slug, title = "too-many-workspaces", "Too many workspaces"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} workspaces already. Delete one first.")


class NotConfirmed(Invalid):
    """A deletion was asked for without naming what is to be deleted."""

    slug, title = "workspace-deletion-not-confirmed", "Deletion not confirmed"

    def __init__(self, name: str) -> None:
        super().__init__(f'To delete this workspace with all its files, confirm with its name: "{name}".')
