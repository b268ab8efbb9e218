"""Where source archives are in object storage."""


def archive_key(digest: str) -> str:
    """Return the key of the archive with this digest."""
    return f"archives/{digest}.zip"
