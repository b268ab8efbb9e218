"""What environment routes get injected: the services, and the thing in the path once the caller may use it so."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from hothouse.access.dependencies import CurrentAuthorizer, Requires, note_decision, permit, refusal
from hothouse.access.interfaces import Action, Authorizer
from hothouse.access.standing import Standing
from hothouse.database.changes import Changes
from hothouse.database.connection import Document
from hothouse.environments.culling.repository import CullsRepository
from hothouse.environments.culling.service import CullingService
from hothouse.environments.images.service import ImagesService
from hothouse.environments.service import Control, EnvironmentsContext, Presenter, Saver, Starter
from hothouse.environments.service.reading import Reader
from hothouse.environments.sharing import resource_of
from hothouse.environments.templates.sharing import resource_of as template_resource
from hothouse.identity.dependencies import CurrentPrincipal, Identity
from hothouse.identity.principal import Principal
from hothouse.jobs.service import Jobs
from hothouse.kit.sse import Ending
from hothouse.kit.trail import current_trail
from hothouse.workloads.logs import WorkloadLogs


@dataclass(frozen=True, slots=True)
class EnvironmentServices:
    """The services of this feature, on `app.state.environments`."""

    context: EnvironmentsContext
    present: Presenter
    reading: Reader
    starter: Starter
    control: Control
    saver: Saver
    culling: CullingService
    logs: WorkloadLogs
    jobs: Jobs
    changes: Changes
    images: ImagesService

    @classmethod
    def make(
        cls,
        context: EnvironmentsContext,
        culls: CullsRepository,
        logs: WorkloadLogs,
        jobs: Jobs,
        changes: Changes,
    ) -> "EnvironmentServices":
        present = Presenter(context)
        return cls(
            context=context,
            present=present,
            reading=Reader(context, present),
            starter=Starter(context),
            control=Control(context),
            saver=Saver(context),
            culling=CullingService(context, culls),
            logs=logs,
            jobs=jobs,
            changes=changes,
            images=ImagesService(jobs, context.templates),
        )


def environment_services(request: Request) -> EnvironmentServices:
    services: EnvironmentServices = request.app.state.environments
    return services


Environments = Annotated[EnvironmentServices, Depends(environment_services)]


def standing(environments: Environments, identity: Identity, principal: CurrentPrincipal) -> Standing:
    return Standing(environments.changes, identity, principal)


CurrentStanding = Annotated[Standing, Depends(standing)]


@dataclass(frozen=True, slots=True)
class Managing:
    """Watches whether who follows a stream manages templates still."""

    standing: Standing
    authorizer: Authorizer

    def lost(self) -> Ending:
        """Return what waits for the moment from which they do not."""
        return self.standing.lost(self._manages)

    async def _manages(self, principal: Principal) -> bool:
        return (await self.authorizer.check(principal, Action.TEMPLATES_MANAGE)).is_allowed


def managing(current: CurrentStanding, authorizer: CurrentAuthorizer) -> Managing:
    return Managing(current, authorizer)


ManagerStanding = Annotated[Managing, Depends(managing)]


class RequiresEnvironment(Requires):
    """A dependency that gives the environment named in the path, if the caller may do `action` with it."""

    async def __call__(  # type: ignore[override]  # the path's slug comes on top
        self,
        environment: str,
        environments: Environments,
        principal: CurrentPrincipal,
        authorizer: CurrentAuthorizer,
    ) -> Document:
        found = await environments.context.environments.by_slug(environment)
        if found is not None and found["desired"] == "deleted":
            found = None
        message = f'There is no environment "{environment}", or it is not shared with you.'
        await permit(authorizer, principal, self.action, resource_of(found) if found else None, message)
        assert found is not None  # noqa: S101 -- else it was refused
        return found


class RequiresTemplate(Requires):
    """A dependency that gives the template named in the path to those who may start from it."""

    async def __call__(  # type: ignore[override]  # the path's slug comes on top
        self, template: str, environments: Environments, principal: CurrentPrincipal, authorizer: CurrentAuthorizer
    ) -> Document:
        found = await environments.context.templates.by_slug(template)
        message = f'There is no template "{template}", or you may not start from it.'
        await permit(authorizer, principal, self.action, template_resource(found) if found else None, message)
        assert found is not None  # noqa: S101 -- else it was refused
        return found


class ManagesTemplate(Requires):
    """A dependency that gives the template named in the path to those who manage templates."""

    async def __call__(  # type: ignore[override]  # the path's slug comes on top
        self, template: str, environments: Environments, principal: CurrentPrincipal, authorizer: CurrentAuthorizer
    ) -> Document:
        found = await environments.context.templates.by_slug(template)
        if found is not None:
            current_trail().concerns("template", found["_id"], found["slug"])
        decision = await authorizer.check(principal, self.action)
        await note_decision(principal, decision)
        if found is None or not decision.is_allowed:
            raise refusal(principal, self.action, f'There is no template "{template}", or you may not manage it.')
        return found


def the_environment(action: Action) -> Any:
    """Declare a route on one environment."""
    return Depends(RequiresEnvironment(action))


ViewedEnvironment = Annotated[Document, the_environment(Action.ENVIRONMENT_VIEW)]
EditedEnvironment = Annotated[Document, the_environment(Action.ENVIRONMENT_EDIT)]
DeletedEnvironment = Annotated[Document, the_environment(Action.ENVIRONMENT_DELETE)]
UsedTemplate = Annotated[Document, Depends(RequiresTemplate(Action.TEMPLATE_USE))]
ManagedTemplate = Annotated[Document, Depends(ManagesTemplate(Action.TEMPLATES_MANAGE))]
