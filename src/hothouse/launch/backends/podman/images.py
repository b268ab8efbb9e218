"""The images that podman has on this machine."""

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hothouse.launch.errors import IsolationMissingError, LaunchError

from .command import file_limits
from .pulling import Fetched, Terminal
from .tool import find_podman
from .trial import IMAGE as TRIAL_IMAGE

Say = Callable[[str], None]
Tell = Callable[[Fetched], None]
LINE_BYTES = 1 << 20


class ImageError(LaunchError):
    """Podman refused; the message is its own last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One image; `names` are what it may be called, with tags."""

    image_id: str
    names: tuple[str, ...]
    size_bytes: int
    created_at: datetime
    containers: int


def why_none() -> str | None:
    """Say why no images run on this machine, as far as can be told without trying; None if nothing speaks against."""
    try:
        find_podman()
    except IsolationMissingError as error:
        return str(error)
    return None


class Images:
    """Lists, pulls, builds and removes images. All of it needs podman: `IsolationMissingError` where there is none."""

    async def all(self) -> list[Image]:
        """List the images that have a name, but for the one that Hothouse tries podman with."""
        found = json.loads(await _run("images", "--format", "json") or "[]")
        images = [_image(each) for each in found]
        return [image for image in images if image.names and TRIAL_IMAGE not in image.names]

    async def has(self, name: str) -> bool:
        """Tell whether an image is here."""
        async with _podman("image", "exists", name) as process:
            return await process.wait() == 0

    async def pull(self, name: str, say: Say, tell: Tell) -> str:
        """Fetch an image, telling how far it is; returns its id. Raises: `ImageError`."""
        with closing(Terminal()) as terminal:
            async with _podman("pull", "--", name, errors=terminal.theirs) as process:
                terminal.hand_over()
                assert process.stdout is not None  # noqa: S101 - it is a pipe
                image, complaint = await asyncio.gather(_lines(process.stdout, say), terminal.follow(say, tell))
                await process.wait()
        return _outcome(process, image, complaint)

    async def build(self, name: str, containerfile: str, say: Say) -> str:
        """Build an image of a Containerfile alone, there is nothing it could copy; returns its id.

        Raises: `ImageError`.
        """
        with tempfile.TemporaryDirectory(prefix="hothouse-image-") as folder:
            (file := Path(folder, "Containerfile")).write_text(containerfile, encoding="utf-8")
            (context := Path(folder, "context")).mkdir()
            options = ["--force-rm", "--tag", name, "--file", str(file), *file_limits()]
            await _followed(say, "build", *options, str(context))
        return (await _run("image", "inspect", "--format", "{{.Id}}", name)).strip()

    async def remove(self, name: str) -> None:
        """Remove an image by one of its names. Raises: `ImageError`, also where a container needs it."""
        await _run("rmi", "--", name)


def _image(found: dict[str, Any]) -> Image:
    return Image(
        image_id=found["Id"],
        names=tuple(sorted(found.get("Names") or ())),
        size_bytes=found["Size"],
        created_at=datetime.fromtimestamp(found["Created"], UTC),
        containers=found.get("Containers") or 0,
    )


async def _run(*words: str) -> str:
    async with _podman(*words) as process:
        out, complaint = await process.communicate()
    if process.returncode:
        raise ImageError(_last(complaint.decode(errors="replace")))
    return out.decode()


async def _followed(say: Say, *words: str) -> str:
    """Run podman, passing on each line it writes; returns the last one of its standard output."""
    async with _podman(*words) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        assert process.stderr is not None  # noqa: S101 - as above
        last, complaint = await asyncio.gather(_lines(process.stdout, say), _lines(process.stderr, say))
        await process.wait()
    return _outcome(process, last, complaint)


def _outcome(process: asyncio.subprocess.Process, said: str, complaint: str) -> str:
    if process.returncode:
        raise ImageError(complaint.removeprefix("Error: ") or f"podman ended with code {process.returncode}")
    return said


async def _lines(stream: asyncio.StreamReader, say: Say) -> str:
    last = ""
    async for line in stream:
        last = line.decode(errors="replace").rstrip() or last
        say(last)
    return last


@asynccontextmanager
async def _podman(*words: str, errors: int = asyncio.subprocess.PIPE) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run podman, and see that it does not go on when nobody waits for it any more."""
    podman = find_podman()
    process = await asyncio.create_subprocess_exec(
        *podman.command(*words), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=errors,
        env=podman.env, limit=LINE_BYTES, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            await process.wait()


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("Error: ") if lines else "podman gave no reason"
