"""As whom a person's environments run on this machine."""

import os

from hothouse.database.connection import Document
from hothouse.settings import Settings


def uid_of(settings: Settings, person: Document) -> int | None:
    """Return the user id of a person's environments, where the platform may change user ids."""
    return settings.launch.first_uid + int(person["uid_offset"]) if os.getuid() == 0 else None
