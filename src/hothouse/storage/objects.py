"""The platform's object store, on obstore: a local folder, with S3 behind the same interface."""

from collections.abc import AsyncIterator
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore

from hothouse.settings import Settings


def open_store(settings: Settings) -> ObjectStore:
    """Open the store that the settings name."""
    folder = settings.home / "objects"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return LocalStore(str(folder))


async def put_file(store: ObjectStore, key: str, path: Path) -> None:
    """Store a file under a key; an object already there is replaced as a whole."""
    await obstore.put_async(store, key, path)


async def fetch_file(store: ObjectStore, key: str, target: Path) -> None:
    """Copy an object into a local file. Raises: `FileNotFoundError` when there is no such object."""
    with target.open("wb") as file:
        async for chunk in read(store, key):
            file.write(chunk)


async def read(store: ObjectStore, key: str) -> AsyncIterator[bytes]:
    """Stream an object. Raises: `FileNotFoundError` when there is no such object."""
    result = await obstore.get_async(store, key)
    async for chunk in result.stream(min_chunk_size=1024 * 1024):
        yield bytes(chunk)


async def remove(store: ObjectStore, key: str) -> None:
    """Delete an object; one that is not there is fine."""
    try:
        await obstore.delete_async(store, key)
    except FileNotFoundError:
        return
