"""Builds: from a source and its manifest to an environment that is locked, verified and shared.

Two steps, each a workload in the sandbox, with network and as an unprivileged user:

1. *resolve*: `uv pip compile --generate-hashes` turns the requirements into a lock, which is kept with the release.
2. *install*: `uv venv` and `uv pip sync --require-hashes` make the environment of that lock. Environments are shared by
   the digest of lock, interpreter and machine, so most builds end before this step.

Cache safety. Packages come from strangers, and a package built from source runs its author's code. Both steps
therefore first run with wheels only: then nothing foreign is executed, and all such builds may share one cache. Only
when a package has no wheel, the steps run again with building allowed, as another user, in an area (cache, unfinished
environments) that belongs to the one app; what comes from npm is installed there too, though no script of it is run.
The app's id goes into the key of its environment. So whatever such code does to what it can write, no other app ever
gets to see it. What it can read are the index settings, as uv needs them.

Crash safety. A step is started under an id made of the build's, and starting is idempotent: a new worker that calls
`build` with the same id attaches to a running step, or takes the outcome of an ended one, and goes on. The lines of
an attached step are given again from its beginning. Environments appear by one rename.
"""

import asyncio
import hashlib
import re
import shutil
import time
from pathlib import Path

from hothouse.apps.builds import node, scripts
from hothouse.apps.builds.errors import BuildFailed
from hothouse.apps.builds.explain import needs_source_build
from hothouse.apps.builds.interfaces import BuildOptions, BuildRequest, BuildResult, OnLine
from hothouse.apps.builds.locking import locked
from hothouse.apps.builds.places import Places
from hothouse.apps.builds.python import environment_key, version
from hothouse.apps.builds.remembering import ResolvedLocks
from hothouse.apps.builds.requirements import Requirements, gather
from hothouse.apps.builds.sandbox import workload
from hothouse.apps.builds.sdk import SdkWheel, find_wheel, store_wheel
from hothouse.apps.builds.steps import StepFailed, Steps
from hothouse.launch.interfaces import Launcher, WorkloadSpec

_LOCKED = re.compile(r"^(?:[A-Za-z0-9][^=\s]*==|\S+ @ |\$\{|file:|https?:)", re.MULTILINE)
_FROM_SOURCE = "# built from source"


class Builder:
    """Makes environments below `home` with a launcher that has a root of its own, `<home>/builds`."""

    def __init__(self, home: Path, launcher: Launcher, options: BuildOptions | None = None) -> None:
        self._options = options or BuildOptions()
        self._places = Places(home, self._options.uid, self._options.source_uid)
        self._steps = Steps(launcher, self._options.timeout_seconds)
        self._remembered = ResolvedLocks(self._places)

    async def build(self, request: BuildRequest, on_line: OnLine) -> BuildResult:
        """Build, or carry on a build with the same id. Cancelling leaves the work under way for the next caller.

        Raises: BuildFailed for reasons of the source, `launch.errors.LaunchError` for those of the machine.
        """
        await asyncio.to_thread(self._places.prepare)
        try:
            result = await self._build(request, on_line)
        except BuildFailed:
            await self.cancel(request.build_id, request.app_id)
            raise
        await self.cancel(request.build_id, request.app_id)
        return result

    async def _build(self, request: BuildRequest, on_line: OnLine) -> BuildResult:
        started = time.monotonic()
        lock = request.lock if request.lock is not None else await self._resolve(request, on_line)
        app_id = request.app_id if is_private(lock) else None
        key = await asyncio.to_thread(environment_key, lock, app_id)
        packages = _count(count_packages(lock), "package")
        is_cached = self._places.is_complete(key)
        if is_cached:
            on_line(f"An environment of this lock ({packages}) is there already.")
        else:
            is_cached = not await self._install(request, lock, key, app_id, on_line)
        on_line(f"The environment is ready: {packages} on Python {version()}, {_seconds(started)}.")
        digest = hashlib.sha256(lock.encode()).hexdigest()
        return BuildResult(lock=lock, lock_digest=digest, env_path=self._places.environment(key), cached=is_cached)

    async def cancel(self, build_id: str, app_id: str) -> None:
        """End whatever runs of a build and remove its traces."""
        for step in _step_ids(build_id):
            await self._steps.forget(step)
        await asyncio.to_thread(self._clear, build_id, app_id)

    async def forget_app(self, app_id: str) -> None:
        """Remove what builds keep for one app alone; environments it shares with others stay."""
        await asyncio.to_thread(self._places.forget_app, app_id)

    def _clear(self, build_id: str, app_id: str) -> None:
        for owner in (None, app_id):
            self._places.area(owner).clear(build_id)
        for step in _step_ids(build_id):
            shutil.rmtree(self._places.control(step), ignore_errors=True)

    async def _resolve(self, request: BuildRequest, on_line: OnLine) -> str:
        wanted = await asyncio.to_thread(self._gather, request)
        for remark in wanted.remarks:
            on_line(remark)
        if not wanted.lines:
            on_line("This app requires no packages.")
            return ""
        remembered = self._remembered.get(wanted, None) or self._remembered.get(wanted, request.app_id)
        if remembered is not None:
            on_line(f"Resolved within the last day: {_count(len(wanted.lines), 'requirement')}")
            return remembered
        on_line(f"Resolving {_count(len(wanted.lines), 'requirement')}")
        started = time.monotonic()
        lock = await self._resolve_anew(request, wanted, on_line)
        on_line(f"Resolved to {_count(count_packages(lock), 'package')}, {_seconds(started)}")
        return lock

    def _gather(self, request: BuildRequest) -> Requirements:
        wanted = gather(request.manifest, request.source, self._sdk())
        if request.node_packages:
            wanted.node = list(request.node_packages)
            wanted.lines.append(node.NODE_WHEEL)
        return wanted

    def _sdk(self) -> SdkWheel | None:
        wheel = find_wheel(self._options.sdk_wheel)
        try:
            return store_wheel(wheel, self._places.wheels) if wheel else None
        except OSError as error:
            reason = f"The platform's wheel of hothouse-sdk, {wheel}, cannot be read: {error.strerror}."
            raise BuildFailed("requirements", reason) from error

    async def _resolve_anew(self, request: BuildRequest, wanted: Requirements, on_line: OnLine) -> str:
        try:
            try:
                return await self._resolve_in(request, wanted, None, lambda _line: None)
            except StepFailed as failure:
                if not needs_source_build(failure.lines):
                    for line in failure.lines:
                        on_line(line)
                    raise
            on_line("A package has no ready-made wheel; resolving again, with building from source.")
            return await self._resolve_in(request, wanted, request.app_id, on_line)
        except StepFailed as failure:
            raise failure.as_build_failure("resolve") from failure

    async def _resolve_in(
        self, request: BuildRequest, wanted: Requirements, app_id: str | None, on_line: OnLine
    ) -> str:
        step = f"{request.build_id}-resolve{'-source' if app_id else ''}"

        def describe() -> WorkloadSpec:
            control = self._places.control(step)
            scripts.write_resolve(control, wanted, allows_source=app_id is not None)
            return self._describe(step, "resolve.sh", request.build_id, app_id)

        await self._steps.run(step, describe, on_line)
        lock = await asyncio.to_thread(self._places.area(app_id).read_lock, request.build_id)
        if lock is None:
            raise BuildFailed("resolve", "Resolving left no lock, or one of an unreasonable size.")
        lock = "\n".join([*([_FROM_SOURCE] if app_id else []), *wanted.options, lock])
        self._remembered.put(wanted, app_id, lock)
        return lock

    async def _install(self, request: BuildRequest, lock: str, key: str, app_id: str | None, on_line: OnLine) -> bool:
        """Make the environment; False when another build made it meanwhile."""
        async with locked(
            self._places.locks / f"{key}.lock",
            lambda: on_line("Another build installs the same packages; waiting for it"),
        ):
            if self._places.is_complete(key):
                return False
            on_line(f"Installing {_count(count_packages(lock), 'package')}" if lock else "Preparing Python")
            started = time.monotonic()
            try:
                await self._install_in(request, lock, key, app_id, on_line)
            except StepFailed as failure:
                raise failure.as_build_failure("install") from failure
            area = self._places.area(app_id)
            if not await asyncio.to_thread(area.publish, request.build_id, self._places.environment(key)):
                if not self._places.is_complete(key):
                    raise BuildFailed("install", "The environment was made but could not be moved to its place.")
                return False
            on_line(f"Installed, {_seconds(started)}")
        return True

    async def _install_in(
        self, request: BuildRequest, lock: str, key: str, app_id: str | None, on_line: OnLine
    ) -> None:
        step = f"{request.build_id}-install{'-source' if app_id else ''}"

        def describe() -> WorkloadSpec:
            about = {"key": key, "python": version(), "app_id": app_id}
            scripts.write_install(
                self._places.control(step),
                lock,
                request.node_packages,
                allows_source=is_from_source(lock),
                about=about,
            )
            return self._describe(step, "install.sh", request.build_id, app_id)

        await self._steps.run(step, describe, on_line)

    def _describe(self, step: str, script: str, build_id: str, app_id: str | None) -> WorkloadSpec:
        area = self._places.area(app_id)
        area.prepare()
        return workload(
            step,
            script,
            control=self._places.control(step),
            area=area,
            staging=area.staging(build_id),
            places=self._places,
            options=self._options,
        )


def is_private(lock: str) -> bool:
    """Tell whether the environment of a lock belongs to one app alone: something in it was built from source, or comes
    from npm, which follows the lock files that packages carry.
    """
    return is_from_source(lock) or f"\n{node.LOCK_PREFIX}" in lock


def is_from_source(lock: str) -> bool:
    """Tell whether something in a lock has no wheel."""
    return lock.startswith(_FROM_SOURCE)


def _step_ids(build_id: str) -> list[str]:
    return [f"{build_id}-{step}{suffix}" for step in ("resolve", "install") for suffix in ("", "-source")]


def count_packages(lock: str) -> int:
    """Count the packages of a lock."""
    return len(_LOCKED.findall(lock))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seconds(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"
