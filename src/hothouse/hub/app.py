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
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI

from hothouse.access import repository as access_repository
from hothouse.access.backends.openfga import OpenFgaAuthorizer
from hothouse.access.interfaces import Action, Authorizer
from hothouse.access.routes import router as access_router
from hothouse.apps import repository as apps_repository
from hothouse.apps.dependencies import AppServices
from hothouse.apps.reconciler.deletion import Deletion
from hothouse.apps.reconciler.logs import WorkloadLogs
from hothouse.apps.reconciler.loop import Reconciler
from hothouse.apps.reconciler.passes import AppPass
from hothouse.apps.reconciler.rollout import Rollout
from hothouse.apps.reconciler.runner import WorkloadRunner
from hothouse.apps.reconciler.usage import UsageMeter
from hothouse.apps.routes import router as apps_router
from hothouse.apps.service import AppsContext
from hothouse.apps.service.directory import Directory
from hothouse.apps.sharing import AppShelf, app_kind
from hothouse.audit import repository as audit_repository
from hothouse.audit.dependencies import AuditServices
from hothouse.audit.middleware import Audited
from hothouse.audit.routes import router as audit_router
from hothouse.broker import credentials as broker_credentials
from hothouse.broker import usage as broker_usage
from hothouse.broker.credentials import CredentialStore
from hothouse.data import repository as data_repository
from hothouse.data.dependencies import DataServices
from hothouse.data.repository import GrantsRepository, UsageRepository
from hothouse.data.routes import router as data_router
from hothouse.data.service import DataContext
from hothouse.data.watch import DataWatch
from hothouse.database import indexes, migrations
from hothouse.database.changes import Changes
from hothouse.database.connection import connect
from hothouse.database.leases import Lease
from hothouse.hub.access import WATCHED as ACCESS_WATCHED
from hothouse.hub.access import make_access, make_expiry, unshare
from hothouse.hub.examples import deploy_examples
from hothouse.hub.internal import router as internal_router
from hothouse.hub.keys import make_reads, make_rotation
from hothouse.hub.middleware import BodyLimit, OwnPagesOnly, SecurityHeaders, security_headers
from hothouse.hub.openapi import describe_actions
from hothouse.hub.platform import router as platform_router
from hothouse.hub.problems import add_handlers
from hothouse.hub.spa import add_ui
from hothouse.identity import repository as identity_repository
from hothouse.identity.assertions import Assertions
from hothouse.identity.backends.smtp import SmtpMailer
from hothouse.identity.dependencies import IdentityServices
from hothouse.identity.device_login import repository as device_repository
from hothouse.identity.device_login.service import DeviceLogins
from hothouse.identity.factors import repository as factors_repository
from hothouse.identity.factors.service import Factors, Policy, SignIn
from hothouse.identity.impersonation import repository as impersonation_repository
from hothouse.identity.impersonation.service import Impersonations
from hothouse.identity.interfaces import Mailer
from hothouse.identity.passwords import Passwords
from hothouse.identity.principal import Principal
from hothouse.identity.routes import router as identity_router
from hothouse.identity.schemas import User
from hothouse.identity.service import (
    Accounts,
    Credentials,
    Handovers,
    Invitations,
    Letters,
    Lockout,
    People,
    Proofs,
    Registration,
    Resets,
    Sessions,
    Tokens,
)
from hothouse.jobs import repository as jobs_repository
from hothouse.jobs.repository import JobsRepository
from hothouse.jobs.service import Jobs
from hothouse.kit.clock import Clock, SystemClock
from hothouse.kit.sealing import KeyRing
from hothouse.kit.tasks import end_tasks
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.interfaces import Launcher
from hothouse.launch.preflight import detect
from hothouse.oidc import repository as oidc_repository
from hothouse.oidc.dependencies import OidcServices
from hothouse.oidc.routes import router as oidc_router
from hothouse.secrets.repository import MarksRepository
from hothouse.secrets.routes import router as secrets_router
from hothouse.secrets.service import open_keys
from hothouse.settings import Settings
from hothouse.storage.objects import open_store

log = structlog.get_logger(__name__)

WATCHED = (
    *("apps", "deployments", "workloads", "jobs", "data_grants", "users", "sessions", "tokens"),
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
    )
    app.state.closing = asyncio.Event()
    app.state.settings = settings
    app.state.security_headers = security_headers(is_https=settings.is_https)
    add_handlers(app)
    for router in (
        platform_router,
        identity_router,
        access_router,
        oidc_router,
        apps_router,
        data_router,
        secrets_router,
        audit_router,
        internal_router,
    ):
        app.include_router(router)
    add_ui(app)
    describe_actions(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(OwnPagesOnly, main_url=settings.main_url)
    app.add_middleware(Audited)
    app.add_middleware(SecurityHeaders, headers=app.state.security_headers)
    return app


async def _compose(app: FastAPI, settings: Settings, parts: Parts, stack: AsyncExitStack) -> None:
    """Make the parts and put what routes need on `app.state`; the stack closes them in reverse order."""
    state, clock = app.state, parts.clock
    client = await stack.enter_async_context(connect(settings, app_name="hub"))
    database = client[settings.mongodb.database]
    await migrations.apply(database, clock)
    await indexes.ensure(
        database,
        identity_repository.INDEXES,
        factors_repository.INDEXES,
        device_repository.INDEXES,
        impersonation_repository.INDEXES,
        access_repository.INDEXES,
        apps_repository.INDEXES,
        jobs_repository.INDEXES,
        broker_credentials.INDEXES,
        broker_usage.INDEXES,
        data_repository.INDEXES,
        audit_repository.INDEXES,
        oidc_repository.INDEXES,
    )
    state.client, state.database, state.clock, state.gateways = client, database, clock, set()
    keys = await open_keys(settings.keys_dir / "secrets.key", MarksRepository(database))

    state.audit_services = audit = AuditServices.make(database, clock, settings.keys_dir, settings.audit.retention_days)
    state.audit = audit.record
    stack.push_async_callback(audit.close)
    state.assertions = Assertions.from_file(settings.keys_dir / "assertions.pem", settings.main_url, clock)
    state.identity = identity = _identity(settings, database, parts, keys)
    state.access = access = make_access(settings, database, clock, identity)
    state.authorizer = access.context.authorizer
    if isinstance(state.authorizer, OpenFgaAuthorizer):
        stack.push_async_callback(state.authorizer.close)
    identity.sessions.may_impersonate = _may_impersonate(state.authorizer)
    state.oidc = oidc = OidcServices.make(settings, database, identity, access.members, clock)
    state.sign_out_url = oidc.sign_out.url_of
    jobs = Jobs(JobsRepository(database), clock)
    context = AppsContext.make(
        settings, clock, database, open_store(settings), jobs, identity.accounts, state.authorizer, access.sharing, keys
    )
    access.context.kinds.register(app_kind(AppShelf(context.apps, clock)))
    await access.context.feed.load()
    state.isolation = await asyncio.to_thread(detect, settings.launch.isolation)
    launcher = parts.launcher or LocalLauncher(settings.home / "workloads", state.isolation)
    state.changes = changes = Changes(database, WATCHED, access.context.feed.take)
    state.apps = AppServices.make(context, WorkloadLogs(context.apps, context.workloads, launcher), changes)
    state.on_first_admin = _first_admin(context)
    await _admin_from_settings(settings, identity, state.on_first_admin)

    lease = Lease(database, clock, "reconciler", f"{socket.gethostname()}-{os.getpid()}")
    reconciler = Reconciler(context, launcher, changes, lease, UsageMeter(context, launcher))
    credentials = CredentialStore(database)
    state.data = data = _data(context, credentials, database)
    reads = make_reads(context, audit.record)
    runner = WorkloadRunner(context, launcher, credentials, reads, reconciler.touch)
    forgetting = [data.decisions.forget, unshare(access), reads.forget]
    deletion = Deletion(context, client, runner, credentials, identity.sessions, also=forgetting)
    reconciler.use(AppPass(context, runner, Rollout(context, runner), deletion))
    state.rotation = make_rotation(database, keys, context, clock, lease.holder)
    await _run(stack, audit.record.run, "audit")
    if isinstance(state.authorizer, OpenFgaAuthorizer):
        await _run(stack, state.authorizer.keep_up, "openfga")
    await _run(stack, changes.run, "changes")
    await _run(stack, make_expiry(access, changes).run, "expiry")
    await _run(stack, partial(reconciler.run, runner), "reconciler")
    await _run(stack, DataWatch(data, changes).run, "data")
    if settings.examples:
        await _run(stack, partial(deploy_examples, settings.examples, state.apps, database), "examples")


def _identity(settings: Settings, database: Any, parts: Parts, keys: KeyRing) -> IdentityServices:
    repository = identity_repository.IdentityRepository(database)
    people, links = identity_repository.PeopleRepository(database), identity_repository.LinksRepository(database)
    passwords, clock, url = parts.passwords, parts.clock, settings.main_url
    lockout = Lockout(identity_repository.AttemptsRepository(database), clock)
    sessions = Sessions(repository, passwords, lockout, clock)
    proofs = Proofs(repository, passwords, lockout, sessions, clock)
    accounts = Accounts(repository, people, passwords, clock)
    letters = Letters(parts.mailer or _mailer(settings))
    invitations = Invitations(links, accounts, letters, clock, url)
    resets = Resets(repository, links, passwords, sessions, lockout, letters, clock, url)
    steps, policy = factors_repository.FactorsRepository(database), Policy(settings.second_factor)
    issuer = f"Hothouse ({urlsplit(url).hostname})"
    factors = Factors(steps, repository, keys, proofs, lockout, sessions, policy, clock, issuer)
    tokens, waiting = Tokens(repository, clock), device_repository.DeviceLoginsRepository(database)
    acting = impersonation_repository.ImpersonationsRepository(database)
    admins = Lease(database, clock, "admins", f"{socket.gethostname()}-{os.getpid()}")
    return IdentityServices(
        accounts=accounts,
        sessions=sessions,
        credentials=Credentials(repository, passwords, proofs, sessions),
        tokens=tokens,
        handovers=Handovers(repository, sessions, clock),
        people=People(people, repository, links, factors, admins, clock),
        invitations=invitations,
        resets=resets,
        letters=letters,
        registration=Registration(repository, invitations, resets, letters, lockout, settings.registration),
        proofs=proofs,
        factors=factors,
        sign_in=SignIn(steps, repository, sessions, factors, policy, clock),
        device_logins=DeviceLogins(waiting, repository, tokens, lockout, clock, url),
        impersonations=Impersonations(acting, repository, sessions, clock),
        is_https=settings.is_https,
    )


def _may_impersonate(authorizer: Authorizer) -> Callable[[Principal], Awaitable[bool]]:
    async def may(principal: Principal) -> bool:
        return (await authorizer.check(principal, Action.PEOPLE_IMPERSONATE)).is_allowed

    return may


def _mailer(settings: Settings) -> Mailer | None:
    mail = settings.mail
    return SmtpMailer(mail, mail.host, mail.sender) if mail.host and mail.sender else None


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
