"""Carrying out a deployment: build, start beside the old workload, switch once ready, or fail and leave the old."""

from pathlib import Path
from typing import Any

import structlog

from hothouse.apps.manifests import Manifest
from hothouse.apps.reconciler.runs import AppRuns, owner, promised
from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.deploy import Deployer, effective, openness
from hothouse.database.connection import Document
from hothouse.workloads.runner import WorkloadRunner

log = structlog.get_logger(__name__)

SOON_SECONDS = 0.3


class Rollout:
    """Takes deployments from queued to serving, or to failed with the reason and the last log lines."""

    def __init__(self, context: AppsContext, runner: WorkloadRunner, runs: AppRuns) -> None:
        self._context = context
        self._runner = runner
        self._runs = runs
        self._deployer = Deployer(context)

    async def advance(self, app: Document, deployment: Document, workloads: list[Document]) -> float | None:
        """Take the next step of a deployment; returns in how many seconds to look again."""
        release = await self._context.releases.get(app["_id"], deployment["release"])
        if release is None:
            await self._fail(deployment, f"release {deployment['release']} does not exist any more", [])
            return None
        if deployment["state"] in ("queued", "building") and not await self._build(deployment, release):
            return None
        return await self._start(app, deployment, release, workloads)

    async def settle_builds(self, app: Document) -> None:
        """Record how builds ended that no deployment waits for any more."""
        for release in await self._context.releases.building(app["_id"]):
            job = await self._context.jobs.get(f"build-{release['_id']}")
            if job is None:
                await self._context.releases.update(release["_id"], {"state": "uploaded"})
            elif job["state"] == "failed":
                await self._context.releases.update(
                    release["_id"], {"state": "failed", "error": job["error"]["reason"]}
                )
            elif job["state"] == "done":
                await self._take_result(release, job["result"])

    async def is_environment_there(self, release: Document) -> bool:
        """Tell whether a release is built and what was built is still on this machine."""
        return release["state"] == "built" and Path(release["environment"]).exists()

    async def _build(self, deployment: Document, release: Document) -> bool:
        """See to it that the release is built; true when it is."""
        if await self.is_environment_there(release):
            return True
        job_id = f"build-{release['_id']}"
        job = await self._context.jobs.get(job_id)
        if job is None:
            await self._context.jobs.enqueue(job_id, "build", {"release_id": release["_id"]})
        elif job["state"] == "failed":
            await self._fail_build(deployment, release, job["error"])
            return False
        elif job["state"] == "done" and await self._take_result(release, job["result"]):
            return True
        elif job["state"] == "done":
            await self._context.jobs.retry(job_id)
        waiting = job is None or job["state"] == "queued"
        await self._show(deployment, "building", "waiting for a builder" if waiting else "installing what it requires")
        if release["state"] != "building":
            await self._context.releases.update(release["_id"], {"state": "building", "error": None})
        return False

    async def _take_result(self, release: Document, result: dict[str, Any]) -> bool:
        if not Path(result["environment"]).exists():
            return False
        fields = {"state": "built", "error": None, **result}
        await self._context.releases.update(release["_id"], fields)
        release.update(fields)
        return True

    async def _fail_build(self, deployment: Document, release: Document, error: dict[str, Any]) -> None:
        await self._context.releases.update(release["_id"], {"state": "failed", "error": error["reason"]})
        await self._fail(deployment, error["reason"], error.get("log_tail", []))

    async def _start(
        self, app: Document, deployment: Document, release: Document, workloads: list[Document]
    ) -> float | None:
        """Start the release beside what serves now, and hand over to it once it is ready."""
        candidate = next((one for one in workloads if one["_id"] == deployment["workload_id"]), None)
        if candidate is None and deployment["workload_id"]:
            candidate = await self._context.workloads.get(deployment["workload_id"])
        if candidate is None or candidate["state"] == "stopped":  # the latter when the platform was shut down meanwhile
            return await self._start_candidate(app, deployment, release)
        if candidate["state"] == "running":
            await self._switch(app, deployment, release, candidate)
            return 0.0
        if not candidate["is_live"]:
            tail = await self._runner.log_tail(candidate["_id"])
            await self._fail(deployment, f"release {release['number']} did not start: {candidate['reason']}", tail)
            return 0.0
        return None

    async def _start_candidate(self, app: Document, deployment: Document, release: Document) -> float:
        if self._runner.starting >= self._context.settings.launch.concurrent_starts:
            await self._show(deployment, "starting", "waiting for its turn to start")
            return SOON_SECONDS
        candidate = await self._runner.record(
            owner(app),
            app_id=app["_id"],
            release=release["number"],
            deployment_id=deployment["_id"],
            promised=promised(release),
        )
        fields = {"workload_id": candidate["_id"], "state": "starting", "reason": "waiting for its first answer"}
        if not await self._context.deployments.update(deployment["_id"], fields):
            await self._runner.retire(candidate)
            return 0.0
        deployment.update(fields)
        await self._runner.start(self._runs.of(app, release, candidate), candidate)
        return 0.0

    async def _switch(self, app: Document, deployment: Document, release: Document, candidate: Document) -> None:
        """Let the new workload serve; the one before it is retired by the pass, as it is not wanted any more."""
        now = self._context.clock.now()
        manifest = Manifest.model_validate_json(release["manifest"])
        shares = release.get("shares", True)
        if shares:
            await self._deployer.share(app, manifest)
        fields: dict[str, Any] = {
            **effective(manifest, app["overrides"]),
            **(openness(manifest, app["overrides"]) if shares else {}),
            "release": release["number"],
            "workload_id": candidate["_id"],
            "crash": {"count": 0, "not_before": None, "reason": None},
            "state": "running",
            "reason": None,
            "updated_at": now,
        }
        unmoved = {key: app[key] for key in ("settings_version", "desired")}
        if await self._context.apps.update(app["_id"], fields, deployment_id=deployment["_id"], **unmoved):
            app.update(fields)
            await self._context.deployments.mark_serving(deployment["_id"], now)
            log.info("deployment-serving", app=app["slug"], release=release["number"])

    async def _fail(self, deployment: Document, reason: str, log_tail: list[str]) -> None:
        now = self._context.clock.now()
        if await self._context.deployments.end(deployment["_id"], "failed", reason, now, log_tail):
            log.info("deployment-failed", app_id=deployment["app_id"], release=deployment["release"], reason=reason)
        deployment.update(state="failed", reason=reason, log_tail=log_tail, finished_at=now)

    async def _show(self, deployment: Document, state: str, reason: str) -> None:
        if (deployment["state"], deployment["reason"]) != (state, reason):
            await self._context.deployments.update(deployment["_id"], {"state": state, "reason": reason})
            deployment.update(state=state, reason=reason)

    async def supersede(self, app: Document, reason: str) -> None:
        """Give up the deployment under way, if any."""
        if app["deployment_id"]:
            now = self._context.clock.now()
            await self._context.deployments.end(app["deployment_id"], "superseded", reason, now)

    async def rebuild(self, app: Document, crash: Document) -> None:
        """Have the serving release built again; `crash` says when to try once more if that fails."""
        await self._deployer.request(None, app, app["release"], "restart", crash=crash)
