"""What the API says of workspaces and their files."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

WorkspaceName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
FilePath = Annotated[
    str,
    Field(max_length=12_100, description="Names joined by `/`, percent-encoded as in addresses; empty for the top."),
]
Kind = Literal["file", "folder", "link", "other"]


class WorkspaceSize(BaseModel):
    """What a workspace takes up, with its snapshots and bin, when that was last measured."""

    bytes: int
    files: int
    is_whole: bool = Field(description="False where there was too much to count all of it.")
    measured_at: datetime


class Workspace(BaseModel):
    """Files that outlive environments."""

    id: str
    name: str
    created_at: datetime
    is_default: bool = Field(description="Whether environments get it that ask for none.")
    state: Literal["ready", "copying", "restoring", "failed"] = Field(description="`failed`: it was to be a copy.")
    reason: str | None = Field(None, description="Why the last copying failed.")
    job_id: str | None = Field(None, description="The work that is being done on it.")
    size: WorkspaceSize | None = Field(None, description="None until it was measured.")
    quota_bytes: int
    used_by: list[str] = Field(description="Names of the environments that have it.")


class NewWorkspace(BaseModel):
    """What a new workspace is to be."""

    name: WorkspaceName


class WorkspaceClone(BaseModel):
    """What a copy of a workspace is to be."""

    name: WorkspaceName
    snapshot_id: str | None = Field(None, description="Copy this snapshot, not the files as they are now.")


class WorkspaceSnapshot(BaseModel):
    """A workspace's files as they were."""

    id: str
    name: str
    created_at: datetime
    state: Literal["making", "ready", "failed"]
    reason: str | None = None
    job_id: str | None = None


class NewSnapshot(BaseModel):
    """What to call a snapshot."""

    name: WorkspaceName


class JobLine(BaseModel):
    """One line of a job's log."""

    offset: int
    at: datetime
    text: str


class WorkspaceJob(BaseModel):
    """Work in the background, and what it says."""

    id: str
    what: Literal["snapshot", "restore", "clone"]
    state: Literal["queued", "running", "done", "failed"]
    reason: str | None = Field(None, description="Why it failed.")
    log: list[JobLine]


class FileEntry(BaseModel):
    """Something in a workspace."""

    name: str = Field(description="To be shown; what cannot be seen is written out.")
    path: str = Field(description="To be sent, percent-encoded.")
    kind: Kind
    size: int
    modified_at: datetime
    etag: str = Field(description="Changes when the file does.")


class FileText(BaseModel):
    """A text file, to be edited."""

    entry: FileEntry
    text: str


class TextChange(BaseModel):
    """What a text file is to hold."""

    path: FilePath
    text: str = Field(max_length=1_048_576)


class NewFolder(BaseModel):
    """Which folder to make."""

    path: FilePath


class FileMove(BaseModel):
    """What to move, and what its path is to be then."""

    path: FilePath
    to: FilePath


class FileDeletion(BaseModel):
    """What to put into the bin."""

    path: FilePath


class BinEntry(BaseModel):
    """Something that was deleted and can be put back."""

    id: str
    name: str
    path: str = Field(description="Where it was.")
    kind: Kind
    deleted_at: datetime


class NewUpload(BaseModel):
    """What is about to be sent."""

    path: FilePath
    size: int = Field(ge=0, le=2**42, description="In bytes.")
    sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$", description="Of the whole, checked when all is there.")
    overwrite: bool = Field(False, description="Replace a file that is there.")
    etag: str | None = Field(None, description="Replace it only if it is still this one.")


class FileUpload(BaseModel):
    """How far an upload is. Once `entry` is there, it has arrived."""

    id: str
    name: str
    path: str
    size: int
    offset: int = Field(description="Send what follows from here.")
    chunk_bytes: int = Field(description="The most that one part may have.")
    entry: FileEntry | None = None
