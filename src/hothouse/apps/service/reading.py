"""Finding apps, releases and deployments, and comparing releases."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

from hothouse.access.interfaces import Action
from hothouse.apps.manifests import Manifest, diff
from hothouse.apps.repository.releases import release_id
from hothouse.apps.schemas import (
    ACTIVE_DEPLOYMENT,
    App,
    AppDetail,
    Deployment,
    ManifestChange,
    PackageChange,
    Release,
    ReleaseDetail,
    ReleaseDiff,
    SecretRead,
)
from hothouse.apps.service.context import AppsContext, resource_of
from hothouse.apps.service.present import Presenter
from hothouse.database.connection import Document
from hothouse.identity.principal import Principal
from hothouse.jobs.service import FOLLOW_SECONDS
from hothouse.kit.paging import Page, PageRequest, encode_cursor
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail

_LOCKED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:==(\S+)| @ (\S+))", re.MULTILINE)


def locked_packages(lock: str | None) -> dict[str, str]:
    """Return what a dependency lock pins: version, or file name, by package.

    >>> locked_packages("fastapi==0.1 \\\\\\n    --hash=sha256:00\\n")
    {'fastapi': '0.1'}
    """
    found = _LOCKED.findall(lock or "")
    return {name: version or address.rpartition("/")[2] for name, version, address in found}


class Reader:
    """Answers questions about apps."""

    def __init__(self, context: AppsContext, presenter: Presenter) -> None:
        self._context = context
        self._present = presenter

    async def may_view(self, principal: Principal, app: Document) -> bool:
        return (await self._context.authorizer.check(principal, Action.APP_VIEW, resource_of(app))).is_allowed

    async def page(self, principal: Principal, paging: PageRequest, text: str | None, state: str | None) -> Page[App]:
        """Return apps the caller may see, by slug, filtered by words in name, slug or tags and by state."""
        found: list[Document] = []
        after = paging.after_text
        while len(found) <= paging.limit:
            batch = await self._context.apps.page(after, 100)
            matching = [app for app in batch if app["desired"] != "deleted" and _matches(app, text, state)]
            found += [app for app in matching if await self.may_view(principal, app)]
            if len(batch) < 100:
                break
            after = batch[-1]["slug"]
        shown = await self._present.apps(principal, found[: paging.limit])
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].slug) if len(found) > paging.limit else None)

    async def detail(self, principal: Principal, app: Document) -> AppDetail:
        return await self._present.detail(principal, app)

    async def releases(self, app: Document, paging: PageRequest) -> Page[Release]:
        found = await self._context.releases.page(app["_id"], paging.after_number, paging.limit + 1)
        shown = await self._present.releases(app, found[: paging.limit])
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].number) if len(found) > paging.limit else None)

    async def release(self, app: Document, number: int) -> ReleaseDetail:
        return await self._present.release(app, await self.release_document(app, number))

    async def release_document(self, app: Document, number: int) -> Document:
        """Raises: `NotFound`."""
        release = await self._context.releases.get(app["_id"], number)
        if release is None:
            raise NotFound(f"{app['name']} has no release {number}.")
        return release

    async def compare(self, app: Document, number: int, against: int) -> ReleaseDiff:
        """Say what changed from release `against` to release `number`."""
        newer = await self.release_document(app, number)
        older = await self.release_document(app, against)
        before, after = (Manifest.model_validate_json(one["manifest"]) for one in (older, newer))
        changes = [
            ManifestChange(op=c.op, pointer=c.pointer, before=c.before, after=c.after) for c in diff(before, after)
        ]
        was, now = locked_packages(older["lock"]), locked_packages(newer["lock"])
        packages = [
            PackageChange(name=name, before=was.get(name), after=now.get(name))
            for name in sorted({*was, *now})
            if was.get(name) != now.get(name)
        ]
        return ReleaseDiff(changes=changes, packages=packages)

    async def deployments(self, app: Document, paging: PageRequest) -> Page[Deployment]:
        after = paging.after_time
        found = await self._context.deployments.page(app["_id"], after, paging.limit + 1)
        shown = await self._present.deployments(app["slug"], found[: paging.limit])
        more = len(found) > paging.limit
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].created_at.isoformat()) if more else None)

    async def secret_reads(self, app: Document, paging: PageRequest) -> Page[SecretRead]:
        after = paging.after_time
        found = await self._context.secret_reads.page(app["_id"], after, paging.limit + 1)
        shown = [
            SecretRead(workload_id=read["_id"], at=read["at"], release=read["release"], names=read["names"])
            for read in found[: paging.limit]
        ]
        more = len(found) > paging.limit
        return Page(items=shown, next_cursor=encode_cursor(shown[-1].at.isoformat()) if more else None)

    async def deployment(self, principal: Principal, deployment_id: str) -> Deployment:
        """Raises: `NotFound`, also for a deployment of an app the caller may not see."""
        deployment = await self._context.deployments.get(deployment_id)
        app = await self._context.apps.get(deployment["app_id"] if deployment else "")  # asked either way: as quick
        if deployment is None or app is None or not await self.may_view(principal, app):
            current_trail().deny("no such deployment, or its app is not shared with this person")
            raise NotFound
        return await self._present.deployment(app["slug"], deployment)

    async def follow_build(self, app: Document, number: int, after: int) -> AsyncIterator[Document]:
        """Yield the lines of a release's build as they are written, also of one that is only about to begin."""
        job_id = self.build_job(app, number)
        while await self._context.jobs.get(job_id) is None:
            if not await self._is_awaited(app["_id"], number):
                return
            await asyncio.sleep(FOLLOW_SECONDS)
        async for line in self._context.jobs.follow_log(job_id, after):
            yield line

    async def _is_awaited(self, app_id: str, number: int) -> bool:
        """Tell whether a deployment under way is for that release."""
        app = await self._context.apps.get(app_id)
        deployment = await self._context.deployments.get(app["deployment_id"]) if app and app["deployment_id"] else None
        return bool(deployment and deployment["release"] == number and deployment["state"] in ACTIVE_DEPLOYMENT)

    def build_job(self, app: Document, number: int) -> str:
        """Return the id of the job that builds a release."""
        return f"build-{release_id(app['_id'], number)}"


def _matches(app: Document, text: str | None, state: str | None) -> bool:
    haystack = " ".join([app["slug"], app["name"], app["description"], *app["tags"]]).lower()
    return (state is None or app["state"] == state) and all(word in haystack for word in (text or "").lower().split())


def manifest_json(manifest: Manifest) -> str:
    """Write a manifest for storage: as text, since its keys may hold characters that BSON queries dislike."""
    return json.dumps(manifest.model_dump(mode="json", by_alias=True, exclude={"schema_uri"}), ensure_ascii=False)
