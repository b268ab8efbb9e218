"""What app routes get injected: the services, and the app in the path once the caller may do what the route does."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from hothouse.access.dependencies import CurrentAuthorizer, Requires, note_decision, refusal
from hothouse.access.interfaces import Action, Authorizer, Decision
from hothouse.access.scopes import covers
from hothouse.access.standing import Standing
from hothouse.apps.service import (
    AppConfigurator,
    AppControl,
    AppsContext,
    Deployer,
    Presenter,
    Reader,
    Uploads,
)
from hothouse.apps.service.context import resource_of
from hothouse.database.changes import Changes
from hothouse.database.connection import Document
from hothouse.identity.dependencies import CurrentPrincipal, Identity
from hothouse.identity.principal import Principal
from hothouse.kit.paging import MOST
from hothouse.kit.problems import NotFound
from hothouse.kit.trail import current_trail
from hothouse.workloads.logs import WorkloadLogs


@dataclass(frozen=True, slots=True)
class AppServices:
    """The services of this feature, on `app.state.apps`."""

    context: AppsContext
    present: Presenter
    read: Reader
    uploads: Uploads
    deploy: Deployer
    control: AppControl
    configure: AppConfigurator
    logs: WorkloadLogs
    changes: Changes

    @classmethod
    def make(cls, context: AppsContext, logs: WorkloadLogs, changes: Changes) -> "AppServices":
        present = Presenter(context)
        return cls(
            context=context,
            present=present,
            read=Reader(context, present),
            uploads=Uploads(context),
            deploy=Deployer(context),
            control=AppControl(context),
            configure=AppConfigurator(context),
            logs=logs,
            changes=changes,
        )


def app_services(request: Request) -> AppServices:
    services: AppServices = request.app.state.apps
    return services


Apps = Annotated[AppServices, Depends(app_services)]


def standing(apps: Apps, identity: Identity, principal: CurrentPrincipal) -> Standing:
    return Standing(apps.changes, identity, principal)


CurrentStanding = Annotated[Standing, Depends(standing)]


async def find_app(
    apps: AppServices, authorizer: Authorizer, principal: Principal, action: Action, slug: str
) -> Document:
    """Return the app if the caller may do `action` with it.

    Raises: `NotSignedIn` for anyone who is not; `OutOfScope` for a token that is not for it; `NotFound` alike for an
    app that is missing and one that is not shared.
    """
    app = await apps.context.apps.by_slug(slug)
    if (
        app is None and principal.is_admin and covers(principal.scopes, action)
    ):  # from whom nothing is hidden: a slip, and no attempt at anything
        raise NotFound(f'There is no app "{slug}", or it is not shared with you.')
    decision = await authorizer.check(principal, action, resource_of(app) if app else None)
    if app is not None:
        current_trail().concerns("app", app["_id"], app["slug"])
        if app["desired"] == "deleted":
            decision = Decision(False, "the app is being deleted")
    await note_decision(principal, decision)
    if app is not None and decision.is_allowed:
        return app
    raise refusal(principal, action, f'There is no app "{slug}", or it is not shared with you.')


class RequiresApp(Requires):
    """A dependency that gives the app named in the path, if the caller may do `action` with it."""

    async def __call__(  # type: ignore[override]  # the path's slug comes on top
        self, slug: str, apps: Apps, principal: CurrentPrincipal, authorizer: CurrentAuthorizer
    ) -> Document:
        return await find_app(apps, authorizer, principal, self.action, slug)


def the_app(action: Action) -> Any:
    """Declare a route on one app: `app: Annotated[Document, the_app(Action.APP_VIEW)]`."""
    return Depends(RequiresApp(action))


ReleaseNumber = Annotated[int, Path(ge=1, le=MOST)]
ViewedApp = Annotated[Document, the_app(Action.APP_VIEW)]
EditedApp = Annotated[Document, the_app(Action.APP_EDIT)]
SharedApp = Annotated[Document, the_app(Action.APP_SHARE)]
DeletedApp = Annotated[Document, the_app(Action.APP_DELETE)]
