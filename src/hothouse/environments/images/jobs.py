"""Background work of this feature: fetching and building images."""

from typing import Any

from hothouse.database.connection import Document
from hothouse.environments.images.progress import STREAM, told
from hothouse.environments.images.service import BUILD, PULL
from hothouse.jobs.interfaces import Handler, JobFailed, WriteLine
from hothouse.launch.backends.podman.images import Images, Say, Tell
from hothouse.launch.errors import LaunchError

TAIL_LINES = 30


class ImageWork:
    """Gets an image onto this machine."""

    def __init__(self) -> None:
        self._images = Images()

    async def __call__(self, job: Document, write: WriteLine) -> dict[str, Any]:
        """Fetch or build the image that a job names, again if need be. Raises: `JobFailed` with `log_tail`."""
        lines: list[str] = []

        def say(line: str) -> None:
            lines.append(line)
            write("stdout", line)

        args = job["args"]
        try:
            image = await self._do(job["kind"], args, say, lambda fetched: write(STREAM, told(fetched)))
        except LaunchError as error:
            write("stderr", str(error))
            reason = f"the image {args['image']} could not be had: {error}"
            raise JobFailed(reason, step="image", log_tail=lines[-TAIL_LINES:]) from error
        return {"image": image, "environment": None, "lock": None}

    async def _do(self, kind: str, args: dict[str, Any], say: Say, tell: Tell) -> str:
        if kind == BUILD:
            return await self._images.build(args["image"], args["containerfile"], say)
        if not args["anew"] and await self._images.has(args["image"]):
            say(f"{args['image']} is on this machine")
            return str(args["image"])
        return await self._images.pull(args["image"], say, tell)

    async def abandon(self, job: Document) -> None:
        """Nothing runs on of an image job that was called off: podman ends with it."""


def handlers() -> dict[str, Handler]:
    """Return what does the jobs of this feature, by kind of job."""
    work = ImageWork()
    return {PULL: work, BUILD: work}
