"""The catalogue: listing, making and changing templates, and building them ahead."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from hothouse.access.interfaces import Action, Authorizer
from hothouse.database.connection import Document
from hothouse.environments.builds import Build, Builds, Image
from hothouse.environments.errors import TemplateInUse, TemplateTaken
from hothouse.environments.templates.repository import TemplatesRepository
from hothouse.environments.templates.schemas import NewTemplate, Template, TemplateChange, TemplateFields
from hothouse.environments.templates.sharing import resource_of
from hothouse.environments.templates.shipped import SHIPPED
from hothouse.identity.principal import Principal
from hothouse.kit.clock import Clock
from hothouse.kit.ids import new_id
from hothouse.kit.problems import PreconditionFailed
from hothouse.kit.trail import current_trail

BUILD_STATES = {"queued": "building", "running": "building", "done": "built", "failed": "failed"}


class Templates:
    """All templates of this installation."""

    def __init__(
        self,
        templates: TemplatesRepository,
        builds: Builds,
        authorizer: Authorizer,
        clock: Clock,
        count_from: Callable[[str], Awaitable[int]],
    ) -> None:
        """Make it; `count_from` says how many environments were started from a template, by its id."""
        self._templates = templates
        self._builds = builds
        self._authorizer = authorizer
        self._clock = clock
        self._count_from = count_from

    async def ship(self) -> None:
        """See to it that every shipped template is there; what admins changed stays as they want it."""
        for shipped in SHIPPED:
            found = await self._templates.by_slug(shipped.slug)
            if found is None:
                await self._ship(shipped)
            elif found["is_shipped"] and found["version"] == 1 and found["fields"] != _fields(shipped):
                fields = {"fields": _fields(shipped), "name": shipped.name, "updated_at": self._clock.now()}
                await self._templates.update(found["_id"], fields, version=1)

    async def _ship(self, shipped: NewTemplate) -> None:
        document = self._document(shipped, owner_id=None, access="signed-in", is_shipped=True)
        try:
            await self._templates.add(document)
        except TemplateTaken:  # another hub was as quick
            return

    def _document(self, new: NewTemplate, *, owner_id: str | None, access: str, is_shipped: bool) -> Document:
        return {
            "_id": new_id(),
            "slug": new.slug,
            "name": new.name,
            "owner_id": owner_id,
            "access": access,
            "is_shipped": is_shipped,
            "fields": _fields(new),
            "version": 1,
            "updated_at": self._clock.now(),
        }

    async def visible(self, principal: Principal) -> list[Template]:
        """List what somebody may start from; retired ones are shown only to who manages templates."""
        manages = await self._manages(principal)
        found = []
        for document in await self._templates.all():
            decision = await self._authorizer.check(principal, Action.TEMPLATE_USE, resource_of(document))
            if decision.is_allowed and (manages or not document["fields"]["is_retired"]):
                found.append(await self._shown(document, manages=manages))
        return found

    async def _manages(self, principal: Principal) -> bool:
        return (await self._authorizer.check(principal, Action.TEMPLATES_MANAGE)).is_allowed

    async def show(self, principal: Principal, document: Document) -> Template:
        return await self._shown(document, manages=await self._manages(principal))

    async def _shown(self, document: Document, *, manages: bool) -> Template:
        fields = TemplateFields.model_validate(document["fields"])
        job = await self._builds.look(_build(fields))
        return Template(
            **fields.model_dump(),
            slug=document["slug"],
            is_shipped=document["is_shipped"],
            access=document["access"],
            build=BUILD_STATES[job["state"]] if job else "unbuilt",
            build_reason=job["error"]["reason"] if job and job["error"] else None,
            may_manage=manages,
            updated_at=document["updated_at"],
            etag=etag_of(document),
        )

    async def by_slug(self, slug: str) -> Document | None:
        return await self._templates.by_slug(slug)

    async def naming(self, images: Iterable[str]) -> list[str]:
        """Return the slugs of the templates that name one of these images, retired ones too."""
        wanted = {_tagged(image) for image in images}
        every = [(one["slug"], one["fields"].get("image")) for one in await self._templates.all()]
        return sorted(slug for slug, image in every if image and _tagged(image) in wanted)

    async def get_many(self, template_ids: list[str]) -> dict[str, Document]:
        return {one["_id"]: one for one in await self._templates.get_many(template_ids)}

    async def create(self, principal: Principal, new: NewTemplate, *, access: str = "private") -> Document:
        """Make a template, which is its maker's unless everyone may start from it. Raises: `TemplateTaken`."""
        document = self._document(new, owner_id=principal.user_id, access=access, is_shipped=False)
        await self._templates.add(document)
        current_trail().concerns("template", document["_id"], document["slug"])
        current_trail().change(after={**_told(document["fields"]), "access": access})
        return document

    async def change(self, document: Document, change: TemplateChange, if_match: str | None) -> Document:
        """Change a template. Raises: `PreconditionFailed` when somebody else did meanwhile."""
        if if_match is not None and if_match != etag_of(document):
            raise PreconditionFailed("Somebody changed this template meanwhile. Load it again and repeat it.")
        fields: dict[str, Any] = {
            "fields": _fields(change),
            "name": change.name,
            "version": document["version"] + 1,
            "updated_at": self._clock.now(),
        }
        if not await self._templates.update(document["_id"], fields, version=document["version"]):
            raise PreconditionFailed("Somebody changed this template at the same moment. Load it again and repeat.")
        before, after = _told(document["fields"]), _told(fields["fields"])
        changed = [key for key in after if before.get(key) != after[key]]
        current_trail().change(
            before={key: before.get(key) for key in changed}, after={key: after[key] for key in changed}
        )
        return {**document, **fields}

    async def remove(self, document: Document) -> None:
        """Remove a template. Raises: `TemplateInUse`; `NotFound` when somebody else did."""
        if count := await self._count_from(document["_id"]):
            raise TemplateInUse(document["slug"], count)
        current_trail().change(before=_told(document["fields"]))
        await self._templates.remove(document["_id"])

    async def build(self, document: Document) -> str:
        """Have what it runs in made ready, with the newest packages that suit; returns the job."""
        build = _build(TemplateFields.model_validate(document["fields"]))
        await self._builds.anew(build)
        return build.job_id

    def job_of(self, document: Document) -> str:
        """Return the job that makes ready what it runs in, whether or not anybody asked for it yet."""
        return _build(TemplateFields.model_validate(document["fields"])).job_id


def _tagged(image: str) -> str:
    """Return the name with its tag: without one it is the latest."""
    return image if ":" in image.rpartition("/")[2] else f"{image}:latest"


def _build(fields: TemplateFields) -> Build | Image:
    return (
        Image(fields.image)
        if fields.image is not None
        else Build(tuple(fields.packages), node_packages=tuple(fields.node_packages))
    )


def _fields(template: TemplateFields) -> Document:
    return template.model_dump(mode="json", include=set(TemplateFields.model_fields))


def _told(fields: Document) -> dict[str, Any]:
    """Return what the record keeps of a template: values of variables may be what nobody else is to read."""
    return {**fields, "env": sorted(fields["env"]), "files": sorted(fields["files"])}


def etag_of(document: Document) -> str:
    """Return the version of a template, for `If-Match`."""
    return f'"{document["version"]}"'
