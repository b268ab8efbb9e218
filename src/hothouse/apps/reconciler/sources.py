"""Laying out the source of a release where its build and its workload find it."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from obstore.store import ObjectStore

from hothouse.apps.archives import archive_key
from hothouse.apps.builds.places import Places
from hothouse.apps.reconciler.paths import AppPaths
from hothouse.database.connection import Document
from hothouse.kit.archives import extract
from hothouse.launch import disks
from hothouse.storage import objects


async def lay_out(store: ObjectStore, home: Path, release: Document, uid: int | None) -> Path:
    """Unpack a release's source for its app, unless it is there already, and return the folder.

    The folder belongs to the app's user and appears complete or not at all.
    """
    target = AppPaths.of(home, release["app_id"]).source(release["number"])
    if target.exists():
        await asyncio.to_thread(disks.attach, target)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unpacking-") as folder:
        archive, source = Path(folder) / "source.zip", Path(folder) / "source"
        await objects.fetch_file(store, archive_key(release["digest"]), archive)
        await asyncio.to_thread(_unpack, archive, source, release["manifest"], uid)
        try:
            source.rename(target)
        except OSError:
            if not target.exists():  # another process laid it out at the same moment
                raise
    return target


def _unpack(archive: Path, source: Path, manifest: str, uid: int | None) -> None:
    extract(archive, source)
    written = source / "manifest.json"
    if not written.exists():
        written.write_text(manifest, encoding="utf-8")
    if uid is not None:
        os.chown(source, uid, uid)
        for folder, folders, files in os.walk(source):
            for name in (*folders, *files):
                os.chown(Path(folder) / name, uid, uid, follow_symlinks=False)


def remove_files(home: Path, app_id: str) -> None:
    """Delete everything an app has on disk. Raises: `OSError` when something of it stays."""
    Places(home, None, None).forget_app(app_id)
    folder = AppPaths.of(home, app_id).root
    disks.release_below(folder)
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return
    folder.chmod(0o700)
    for inner, names, _files in os.walk(folder):  # each is opened up before the walk goes into it
        for path in (Path(inner) / name for name in names):
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder)
