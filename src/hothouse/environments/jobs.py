"""Background work of this feature: building what environments run in."""

from typing import Any

from hothouse.apps.builds import Builder, BuildFailed, BuildRequest
from hothouse.apps.manifests import Manifest
from hothouse.database.connection import Document
from hothouse.environments.builds import KIND
from hothouse.jobs.interfaces import Handler, JobFailed, WriteLine
from hothouse.launch.errors import LaunchError
from hothouse.settings import Settings


class BuildPackages:
    """Locks and installs packages."""

    def __init__(self, settings: Settings, builder: Builder) -> None:
        self._nothing = settings.home / "envs" / ".nothing"
        self._builder = builder

    async def __call__(self, job: Document, write: WriteLine) -> dict[str, Any]:
        """Build, or go on building. Raises: `JobFailed` with `step` and `log_tail`."""
        self._nothing.mkdir(parents=True, exist_ok=True)
        args = job["args"]
        request = BuildRequest(
            build_id=job["_id"],
            app_id=args["area"],
            source=self._nothing,
            manifest=Manifest(
                schema_version="1", slug=KIND, name=KIND, kind="command", entry=["true"], packages=args["packages"]
            ),
            lock=args["lock"],
            node_packages=tuple(args.get("node_packages", ())),
        )
        try:
            result = await self._builder.build(request, lambda line: write("stdout", line))
        except BuildFailed as error:
            write("stderr", error.reason)
            raise JobFailed(error.reason, step=error.step, log_tail=list(error.log_tail)) from error
        except LaunchError as error:
            raise JobFailed(f"the build could not be started on this machine: {error}") from error
        return {"lock": result.lock, "lock_digest": result.lock_digest, "environment": str(result.env_path)}

    async def abandon(self, job: Document) -> None:
        """End what runs of a build that was called off."""
        await self._builder.cancel(job["_id"], job["args"]["area"])


def handlers(settings: Settings, builder: Builder) -> dict[str, Handler]:
    """Return what does the jobs of this feature, by kind of job."""
    return {KIND: BuildPackages(settings, builder)}
