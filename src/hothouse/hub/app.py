"""The composition root of the hub: every part is made here, once, and handed to those that need it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from typing import Any

import structlog
from fastapi import FastAPI

from hothouse.access.backends.openfga import OpenFgaAuthorizer
from hothouse.access.interfaces import Action, Authorizer
from hothouse.apps.dependencies import AppServices
from hothouse.apps.reconciler.deletion import Deletion
from hothouse.apps.reconciler.keeping import Apps
from hothouse.apps.reconciler.passes import AppPass
from hothouse.apps.reconciler.rollout import Rollout
from hothouse.apps.reconciler.runs import AppRuns
from hothouse.apps.reconciler.spares import Spares
from hothouse.apps.service import AppsContext
from hothouse.apps.service.directory import Directory
from hothouse.apps.service.sizes import AppSizes
from hothouse.audit.dependencies import AuditServices
from hothouse.audit.middleware import Audited
from hothouse.broker.credentials import CredentialStore
from hothouse.broker.exporter import exporting
from hothouse.data.dependencies import DataServices
from hothouse.data.repository import GrantsRepository, UsageRepository
from hothouse.data.service import DataContext
from hothouse.data.watch import DataWatch
from hothouse.database import indexes, migrations
from hothouse.database.changes import Changes
from hothouse.database.connection import connect
from hothouse.database.leases import Lease
from hothouse.environments.culling.repository import CullsRepository
from hothouse.hub.access import WATCHED as ACCESS_WATCHED
from hothouse.hub.access import make_access, make_expiry, unshare
from hothouse.hub.addressed import Addresses
from hothouse.hub.environments import make_environments, reconciled_environments
from hothouse.hub.examples import deploy_examples
from hothouse.hub.features import INDEXES, ROUTERS
from hothouse.hub.identifying import make_identity
from hothouse.hub.keys import make_personal, make_reads, make_rotation
from hothouse.hub.metrics import CountSignIns, MetricsKeeper
from hothouse.hub.middleware import BodyLimit, OwnPagesOnly, SecurityHeaders, security_headers
from hothouse.hub.openapi import describe_actions
from hothouse.hub.problems import add_handlers
from hothouse.hub.quotas import count_everything, make_quotas
from hothouse.hub.running import make_running
from hothouse.hub.spa import add_ui
from hothouse.hub.workspaces import make_workspaces
from hothouse.identity.assertions import Assertions
from hothouse.identity.dependencies import IdentityServices
from hothouse.identity.interfaces import Mailer
from hothouse.identity.passwords import Passwords
from hothouse.identity.principal import Principal
from hothouse.identity.schemas import User
from hothouse.jobs.repository import JobsRepository
from hothouse.jobs.service import Jobs
from hothouse.kit.clock import Clock, SystemClock
from hothouse.kit.tasks import end_tasks
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.backends.podman import PodmanLauncher
from hothouse.launch.dispatch import Launchers
from hothouse.launch.interfaces import Isolation, Launcher
from hothouse.launch.preflight import detect, detect_podman
from hothouse.oidc.dependencies import OidcServices
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.service import open_keys
from hothouse.settings import Settings
from hothouse.storage.objects import open_store
from hothouse.workloads.interfaces import owner_of
from hothouse.workloads.logs import WorkloadLogs
from hothouse.workloads.loop import Reconciler
from hothouse.workloads.metrics import Metrics
from hothouse.workloads.networks import reserved_ports
from hothouse.workloads.runner import WorkloadRunner
from hothouse.workloads.schemas import UsageNow
from hothouse.workloads.usage import UsageMeter

log = structlog.get_logger(__name__)

WATCHED = (
    *("apps", "environments", "deployments", "workloads", "jobs", "data_grants", "users", "sessions", "tokens"),
    *ACCESS_WATCHED,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts that tests replace: a clock they can move, a launcher that misbehaves, quicker password hashing."""

    clock: Clock = field(default_factory=SystemClock)
    launcher: Launcher | None = None
    mailer: Mailer | None = None
    passwords: Passwords = field(default_factory=Passwords)


def create_app(settings: Settings, parts: Parts | None = None) -> FastAPI:
    """Make the hub. Nothing is connected or started before its lifespan begins."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await _compose(app, settings, parts or Parts(), stack)
            log.info("ready", part="hub")
            yield
            app.state.closing.set()

    app = FastAPI(
        title="Hothouse",
        version=version("hothouse-lab"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        separate_input_output_schemas=False,
        # As they are: `include_router` would make each of them once more for every hub, at its first request.
        routes=[route for router in ROUTERS for route in router.routes],
    )
    app.state.closing = asyncio.Event()
    app.state.settings = settings
    app.state.metrics = Metrics()
    app.state.security_headers = security_headers(is_https=settings.is_https)
    add_handlers(app)
    add_ui(app)
    describe_actions(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(OwnPagesOnly, main_url=settings.main_url)
    app.add_middleware(Audited)
    app.add_middleware(CountSignIns, metrics=app.state.metrics)
    app.add_middleware(SecurityHeaders, headers=app.state.security_headers)
    return app


async def _compose(app: FastAPI, settings: Settings, parts: Parts, stack: AsyncExitStack) -> None:
    """Make the parts and put what routes need on `app.state`; the stack closes them in reverse order."""
    state, clock = app.state, parts.clock
    client = await stack.enter_async_context(connect(settings, app_name="hub"))
    database = client[settings.mongodb.database]
    await migrations.apply(database, clock)
    await indexes.ensure(database, *INDEXES)
    state.client, state.database, state.clock, state.gateways = client, database, clock, set()
    keys = await open_keys(settings.keys_dir / "secrets.key", MarksRepository(database))

    state.audit_services = audit = AuditServices.make(database, clock, settings.keys_dir, settings.audit.retention_days)
    state.audit = audit.record
    holder = f"{socket.gethostname()}-{os.getpid()}"
    state.personal_secrets = make_personal(database, keys, clock, holder, audit.record)
    stack.push_async_callback(audit.close)
    state.assertions = Assertions.from_file(settings.keys_dir / "assertions.pem", settings.main_url, clock)
    state.identity = identity = make_identity(
        settings, database, keys, clock, passwords=parts.passwords, mailer=parts.mailer
    )
    state.access = access = make_access(settings, database, clock, identity)
    state.authorizer = access.context.authorizer
    if isinstance(state.authorizer, OpenFgaAuthorizer):
        stack.push_async_callback(state.authorizer.close)
    identity.sessions.may_impersonate = _may_impersonate(state.authorizer)
    state.oidc = oidc = OidcServices.make(settings, database, identity, access.members, clock)
    state.sign_out_url = oidc.sign_out.url_of
    jobs = Jobs(JobsRepository(database), clock)
    usage: dict[str, UsageNow] = {}
    state.quotas = quotas = make_quotas(database, access, Lease(database, clock, "quotas", holder))
    context = AppsContext.make(
        settings,
        clock,
        database,
        open_store(settings),
        jobs,
        identity.accounts,
        state.authorizer,
        access.sharing,
        keys,
        usage,
        quotas.checking,
    )
    await access.context.feed.load()
    state.isolation = await asyncio.to_thread(detect, settings.launch.isolation, settings.launch.network)
    launcher = parts.launcher or _launchers(settings, state.isolation)
    state.changes = changes = Changes(database, WATCHED, access.context.feed.take)
    logs = WorkloadLogs(lambda owner: context.apps.get(owner_of(owner)[1]), context.workloads, launcher)
    state.apps = AppServices.make(context, logs, changes)
    state.environments = make_environments(
        context, database, launcher, state.isolation, changes, access.context.policies.groups_of, state.metrics
    )
    await state.environments.context.templates.ship()
    await state.environments.context.tiers.ship()
    tiers = state.environments.context.tiers
    state.workspaces = make_workspaces(settings, database, clock, jobs, tiers, quotas.checking)
    files = AppSizes(context.apps, settings.home / "apps", clock)
    count_everything(quotas, database, files, state.workspaces)
    access.ownership.receiving = quotas.checking
    state.running = make_running(context, state.environments.context, database)
    state.on_first_admin = _first_admin(context)
    await _admin_from_settings(settings, identity, state.on_first_admin)

    lease = Lease(database, clock, "reconciler", holder)
    reconciler = Reconciler(context.workloads, launcher, changes, lease)
    credentials = CredentialStore(database)
    state.data = data = _data(context, credentials, database)
    reads = make_reads(context, audit.record)
    ports = reserved_ports(settings)
    runner = WorkloadRunner(context.workloads, launcher, credentials, clock, reconciler.touch, ports)
    runs = AppRuns(context, credentials, reads)
    spares = Spares(context, launcher, runner, runs, reconciler.touch)
    state.addresses = Addresses(context, state.environments.context, access.context.policies, spares.wake)
    forgetting = [data.decisions.forget, unshare(access), reads.forget]
    deletion = Deletion(context, client, runner, credentials, identity.sessions, also=forgetting)
    reconciler.use(
        Apps(context, AppPass(context, runner, runs, Rollout(context, runner, runs), deletion, spares), spares),
        reconciled_environments(
            state.environments.context,
            CullsRepository(database),
            runner,
            credentials,
            state.personal_secrets,
            state.workspaces.sizes.most,
            reconciler.touch,
            spares.shed,
        ),
    )
    state.rotation = make_rotation(database, keys, context, clock, lease.holder)
    await _run(stack, audit.record.run, "audit")
    if isinstance(state.authorizer, OpenFgaAuthorizer):
        await _run(stack, state.authorizer.keep_up, "openfga")
    await _run(stack, changes.run, "changes")
    await _run(stack, make_expiry(access, changes).run, "expiry")
    await _run(
        stack,
        partial(
            reconciler.run,
            runner,
            [
                UsageMeter(context.workloads, launcher, usage).run,
                state.running.history.run,
                quotas.databases.run,
            ],
        ),
        "reconciler",
    )
    await _run(stack, DataWatch(data, changes).run, "data")
    await _run(stack, state.workspaces.sizes.run, "workspaces")
    await _run(stack, files.run, "files")
    await _measure(stack, app)
    if settings.examples:
        await _run(stack, partial(deploy_examples, settings.examples, state.apps, database), "examples")


async def _measure(stack: AsyncExitStack, app: FastAPI) -> None:
    """Keep metrics up to date, and give them where settings say so."""
    state = app.state
    keeper = MetricsKeeper(
        state.metrics,
        state.running.running,
        state.environments.context,
        state.workspaces.repository,
        state.identity.sessions.active_users,
    )
    state.metrics_keeper = keeper
    if (address := state.settings.hub.metrics) is None:
        return
    state.metrics_address = await stack.enter_async_context(exporting(address, state.metrics, "HOTHOUSE_HUB_METRICS"))
    await _run(stack, keeper.run, "metrics")


def _launchers(settings: Settings, isolation: Isolation) -> Launchers:
    """Make what runs apps and environments, each of which says itself at which level it may run at least."""
    return Launchers(
        LocalLauncher(settings.home / "workloads", isolation),
        PodmanLauncher(settings.home / "containers", partial(detect_podman, settings.launch.network)),
    )


def _may_impersonate(authorizer: Authorizer) -> Callable[[Principal], Awaitable[bool]]:
    async def may(principal: Principal) -> bool:
        return (await authorizer.check(principal, Action.PEOPLE_IMPERSONATE)).is_allowed

    return may


def _data(context: AppsContext, credentials: CredentialStore, database: Any) -> DataServices:
    return DataServices.make(
        DataContext(
            settings=context.settings,
            clock=context.clock,
            grants=GrantsRepository(database),
            usage=UsageRepository(database),
            directory=Directory(context),
            accounts=context.accounts,
            authorizer=context.authorizer,
            credentials=credentials,
        )
    )


def _first_admin(context: AppsContext) -> Callable[[User], Awaitable[None]]:
    async def give_examples(user: User) -> None:
        await context.apps.claim_ownerless(user.id)

    return give_examples


async def _admin_from_settings(
    settings: Settings, identity: IdentityServices, on_first_admin: Callable[[User], Awaitable[None]]
) -> None:
    if settings.admin.email and settings.admin.password:
        password = settings.admin.password.get_secret_value()
        if user := await identity.accounts.ensure_admin(settings.admin.email, password):
            await on_first_admin(user)


async def _run(stack: AsyncExitStack, work: Callable[[], Awaitable[None]], name: str) -> None:
    """Run something beside the API until the hub closes, again if it fails: nobody else would notice."""

    async def insist() -> None:
        while True:
            try:
                return await work()
            except Exception:
                log.exception("part-failed", part=name)
            await asyncio.sleep(1)

    task = asyncio.create_task(insist(), name=name)
    stack.push_async_callback(end_tasks, task)
