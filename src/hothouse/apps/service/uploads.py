"""Receiving source archives: checked, made canonical, looked at, kept for a day until they are deployed."""

import asyncio
import json
import tempfile
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from hothouse.access.interfaces import Action
from hothouse.apps.archives import archive_key
from hothouse.apps.errors import ArchiveRefusedProblem, ManifestNotConfirmed, ManifestRefused
from hothouse.apps.manifests import Manifest, Problem, Proposal, SourceTree, parse, read_source, source_problems
from hothouse.apps.schemas import ExistingApp, ReportLine, Upload
from hothouse.apps.service.context import AppsContext, resource_of
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.kit.archives import ArchiveInfo, ArchiveRefused, extract, normalise
from hothouse.kit.ids import new_id
from hothouse.kit.problems import FieldProblem, NotFound
from hothouse.storage import objects

LIFETIME = timedelta(hours=24)
SHOWN_FILES = 200


class Uploads:
    """Takes archives in. The same content is stored once, however often and however packed it comes."""

    def __init__(self, context: AppsContext) -> None:
        self._context = context

    async def receive(self, principal: Principal, archive: Path, file_name: str) -> Upload:
        """Check, store and examine an archive. Raises: `ArchiveRefusedProblem`; nothing is kept then."""
        with tempfile.TemporaryDirectory(prefix="hothouse-upload-") as folder:
            canonical, source = Path(folder) / "canonical.zip", Path(folder) / "source"
            try:
                info = await asyncio.to_thread(normalise, archive, canonical)
                await asyncio.to_thread(extract, canonical, source)
            except ArchiveRefused as error:
                raise ArchiveRefusedProblem(f"The archive was refused: {error}") from error
            proposal = await asyncio.to_thread(read_source, SourceTree(source, Path(file_name).stem))
            # Recorded first, so that nobody who cleans up takes the archive for one that nothing needs.
            upload = await self._record(principal, info, canonical.stat().st_size, proposal)
            await objects.put_file(self._context.store, archive_key(info.digest), canonical)
        return await self._shown(principal, upload)

    async def _record(self, principal: Principal, info: ArchiveInfo, size: int, proposal: Proposal) -> Document:
        upload: Document = {
            "_id": new_id(),
            "owner_id": principal.user_id,
            "digest": info.digest,
            "size": size,
            "file_count": len(info.files),
            "files": [file.path for file in info.files[:SHOWN_FILES]],
            "manifest": json.dumps(proposal.manifest) if proposal.manifest is not None else None,
            "origin": proposal.origin,
            "report": [asdict(remark) for remark in proposal.report],
            "problems": [asdict(problem) for problem in proposal.problems],
            "expires_at": self._context.clock.now() + LIFETIME,
        }
        await self._context.uploads.add(upload)
        return upload

    async def _shown(self, principal: Principal, upload: Document) -> Upload:
        manifest = json.loads(upload["manifest"]) if upload["manifest"] else None
        slug = manifest.get("slug") if isinstance(manifest, dict) else None
        existing = await self._editable(principal, slug) if isinstance(slug, str) else None
        return Upload(
            id=upload["_id"],
            manifest=manifest if isinstance(manifest, dict) else None,
            report=[ReportLine(**line) for line in upload["report"]],
            problems=[FieldProblem(**problem) for problem in upload["problems"]],
            existing_app=ExistingApp(slug=slug, name=existing["name"], release=existing["release"])
            if existing and slug
            else None,
            **{key: upload[key] for key in ("digest", "size", "file_count", "files", "origin", "expires_at")},
        )

    async def _editable(self, principal: Principal, slug: str) -> Document | None:
        """Return the app of that slug if this person may deploy to it; of others' apps nothing is told."""
        app = await self._context.apps.by_slug(slug)
        if app is None or app["desired"] == "deleted":
            return None
        decision = await self._context.authorizer.check(principal, Action.APP_EDIT, resource_of(app))
        return app if decision.is_allowed else None

    async def take(
        self, principal: Principal, upload_id: str, confirmed: dict[str, Any] | None
    ) -> tuple[Document, Manifest]:
        """Return an upload of the caller's and the manifest to deploy it with.

        Raises: `NotFound`, `ManifestNotConfirmed`, `ManifestRefused`.
        """
        upload = await self._context.uploads.get(upload_id, principal.user_id, self._context.clock.now())
        if upload is None:
            raise NotFound("This upload is not there any more; uploads are kept for a day. Upload the source again.")
        if confirmed is None and upload["origin"] != "manifest":
            raise ManifestNotConfirmed
        data = confirmed if confirmed is not None else json.loads(upload["manifest"] or "null")
        if problems := await self._problems(upload, data):
            raise ManifestRefused(problems)
        return upload, parse(data)

    async def _problems(self, upload: Document, manifest: Any) -> list[Problem]:
        """List everything wrong with a manifest for the source that was uploaded."""
        if manifest is None:
            return [Problem(**problem) for problem in upload["problems"]]
        with tempfile.TemporaryDirectory(prefix="hothouse-upload-") as folder:
            archive, source = Path(folder) / "source.zip", Path(folder) / "source"
            try:
                await objects.fetch_file(self._context.store, archive_key(upload["digest"]), archive)
            except FileNotFoundError as error:
                raise NotFound("The archive of this upload is not there any more. Upload the source again.") from error
            await asyncio.to_thread(extract, archive, source)
            return await asyncio.to_thread(source_problems, manifest, SourceTree(source))

    async def clean_up(self) -> None:
        """Forget uploads that have run out, and archives that nothing else needs."""
        now = self._context.clock.now()
        for upload in await self._context.uploads.expired(now):
            await self._context.uploads.remove(upload["_id"])
            await self.drop_archive(upload["digest"])

    async def drop_archive(self, digest: str, *, besides_app_id: str | None = None) -> None:
        """Delete an archive unless a valid upload or a release, of another app than the given one, needs it."""
        context = self._context
        if await context.releases.needs_archive(digest, besides_app_id):
            return
        if not await context.uploads.has_archive(digest, context.clock.now()):
            await objects.remove(context.store, archive_key(digest))
