"""Listing, fetching, building and removing images."""

import hashlib
from typing import Any

from hothouse.database.connection import Document
from hothouse.environments.images.errors import ImageInUse, ImageRefused, NoImages
from hothouse.environments.images.progress import progress
from hothouse.environments.images.schemas import Image, ImageBuild, ImageJob, Images
from hothouse.environments.templates.service import Templates
from hothouse.jobs.service import Jobs
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail
from hothouse.launch.backends.podman import images as podman

PULL, BUILD = "image-pull", "image-build"
SHOWN_LINES = 500


class ImagesService:
    """The images of this machine, on behalf of who manages templates."""

    def __init__(self, jobs: Jobs, templates: Templates) -> None:
        self._jobs = jobs
        self._templates = templates
        self._images = podman.Images()

    async def all(self) -> Images:
        """List them with what needs each."""
        refusal = podman.why_none()
        found = [] if refusal else await self._images.all()
        items = [await self._shown(image) for image in found]
        jobs = [await self._told(job) for job in await self._jobs.unfinished((PULL, BUILD))]
        return Images(items=items, jobs=jobs, refusal=refusal)

    async def _shown(self, image: podman.Image) -> Image:
        return Image(
            id=image.image_id,
            names=list(image.names),
            size_bytes=image.size_bytes,
            created_at=image.created_at,
            used_by=await self._templates.naming(image.names),
            containers=image.containers,
        )

    async def pull(self, name: str) -> ImageJob:
        """Have an image fetched, also one that is here, for it may have changed."""
        return await self._ask(PULL, name, {"image": name, "anew": True})

    async def build(self, build: ImageBuild) -> ImageJob:
        """Have an image built."""
        return await self._ask(BUILD, build.name, {"image": build.name, "containerfile": build.containerfile})

    async def _ask(self, kind: str, name: str, args: dict[str, Any]) -> ImageJob:
        """Ask for the job, or for it again when it is over. Raises: `NoImages`."""
        if (why := podman.why_none()) is not None:
            raise NoImages(why)
        said = hashlib.sha256(repr(sorted(args.items())).encode()).hexdigest()[:32]
        job_id = f"{kind}-{said}"
        current_trail().concerns("image", name, name)
        current_trail().change(after={"image": name, "job": job_id})
        if await self._jobs.get(job_id) is None:
            await self._jobs.enqueue(job_id, kind, args)
        else:
            await self._jobs.retry(job_id)
        return await self.job(job_id)

    async def job(self, job_id: str) -> ImageJob:
        """Return how work on an image stands. Raises: `NotFound`."""
        job = await self._jobs.get(job_id)
        if job is None or job["kind"] not in (PULL, BUILD):
            raise NotFound("There is no such work on an image, or you may not see it.")
        return await self._told(job)

    async def _told(self, job: Document) -> ImageJob:
        lines = await self._jobs.log_lines(job["_id"])
        return ImageJob(
            job=job["_id"],
            kind=job["kind"],
            name=job["args"]["image"],
            state=job["state"],
            progress=progress(lines) if job["state"] == "running" else None,
            reason=job["error"]["reason"] if job["error"] else None,
            lines=[line["text"] for line in lines[-SHOWN_LINES:]],
        )

    async def remove(self, name: str) -> None:
        """Remove an image by its name. Raises: `NotFound`, `ImageInUse`, `ImageRefused`, `NoImages`."""
        if (why := podman.why_none()) is not None:
            raise NoImages(why)
        image = next((each for each in await self._images.all() if name in each.names), None)
        if image is None:
            raise NotFound(f"There is no image {name}, or you may not see it.")
        if users := await self._templates.naming((name,)):
            raise ImageInUse(name, [f"the template {slug}" for slug in users])
        if image.containers and len(image.names) == 1:
            raise ImageInUse(name, [f"{image.containers} running"])
        current_trail().concerns("image", name, name)
        current_trail().change(before={"image": name})
        try:
            await self._images.remove(name)
        except podman.ImageError as error:
            raise ImageRefused(f"{name} could not be removed: {error}.") from error
