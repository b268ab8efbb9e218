"""What environments run in is built of packages, once for everybody who wants the same ones."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from hothouse.database.connection import Document
from hothouse.environments.schemas import Spec
from hothouse.jobs.service import Jobs

KIND = "packages"
EVERYBODY = "templates"
BASE = ("pip",)
"""What every environment has, so that people can add to it from a terminal."""


@dataclass(frozen=True, slots=True)
class Build:
    """A build of packages: for everybody, or for the person who asked for packages of their own.

    `lock` is given where exactly what another environment ran in is wanted again.
    """

    packages: tuple[str, ...]
    person: str | None = None
    lock: str | None = None
    node_packages: tuple[str, ...] = ()
    kind: ClassVar[str] = KIND

    @property
    def job_id(self) -> str:
        """The job that does it: the same for all who want the same."""
        said = [
            sorted({*self.packages, *BASE}),
            self.person,
            self.lock,
            *([self.node_packages] if self.node_packages else []),
        ]
        return f"{KIND}-{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]}"

    @property
    def area(self) -> str:
        """Whose packages they are, if some have to be built from source."""
        return f"person-{self.person}" if self.person else EVERYBODY

    def args(self) -> dict[str, Any]:
        return {
            "packages": sorted({*self.packages, *BASE}),
            "node_packages": list(self.node_packages),
            "area": self.area,
            "lock": self.lock,
        }


@dataclass(frozen=True, slots=True)
class Image:
    """An image that is to be on this machine, where it may be already."""

    name: str
    kind: ClassVar[str] = "image-pull"

    @property
    def job_id(self) -> str:
        """The job that sees to it: the same for all who want the same."""
        return f"{self.kind}-{hashlib.sha256(self.name.encode()).hexdigest()[:32]}"

    def args(self) -> dict[str, Any]:
        return {"image": self.name, "anew": False}


def build_of(owner_id: str, spec: Spec) -> Build | Image:
    """Return the build of what somebody's environment runs in: everybody's, unless they added packages."""
    if spec.image is not None:
        return Image(spec.image)
    person = owner_id if spec.extra_packages else None
    return Build((*spec.packages, *spec.extra_packages), person, spec.lock, tuple(spec.node_packages))


class Builds:
    """Asks for builds and says how they stand."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    async def want(self, build: Build | Image) -> Document | None:
        """See to it that a build is done or under way; returns its job as it is now.

        One that is done, but whose outcome is gone from this machine, is done again.
        """
        job = await self._jobs.get(build.job_id)
        if job is None:
            await self._jobs.enqueue(build.job_id, build.kind, build.args())
        elif job["state"] == "done" and not _is_there(job["result"]["environment"]):
            await self._jobs.retry(build.job_id)
        else:
            return job
        return await self._jobs.get(build.job_id)

    async def look(self, build: Build | Image) -> Document | None:
        """Return the job of a build, if anybody asked for it."""
        return await self._jobs.get(build.job_id)

    async def retry(self, build: Build | Image) -> None:
        """Have a build that failed done again."""
        job = await self._jobs.get(build.job_id)
        if job is not None and job["state"] == "failed":
            await self._jobs.retry(build.job_id)

    async def anew(self, build: Build | Image) -> None:
        """Have it done with the newest packages that suit."""
        await self.want(build)
        await self._jobs.retry(build.job_id)


def _is_there(place: str | None) -> bool:
    """Tell whether what was built is still there; an image is podman's to know, and asked for when it is needed."""
    return place is None or Path(place).exists()
