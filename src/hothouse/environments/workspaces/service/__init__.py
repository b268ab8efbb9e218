"""What can be done with workspaces and their files."""

from hothouse.environments.workspaces.service.bin import Bin
from hothouse.environments.workspaces.service.browsing import Browsing
from hothouse.environments.workspaces.service.copies import Copies
from hothouse.environments.workspaces.service.editing import Editing
from hothouse.environments.workspaces.service.managing import Managing
from hothouse.environments.workspaces.service.sizes import Sizes
from hothouse.environments.workspaces.service.uploads import FileUploads
from hothouse.environments.workspaces.service.workspaces import DEFAULT_NAME, Workspaces
from hothouse.environments.workspaces.service.zipping import Zipping

__all__ = [
    "DEFAULT_NAME",
    "Bin",
    "Browsing",
    "Copies",
    "Editing",
    "FileUploads",
    "Managing",
    "Sizes",
    "Workspaces",
    "Zipping",
]
