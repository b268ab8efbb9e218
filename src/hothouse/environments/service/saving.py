"""Making a template of what an environment is."""

from hothouse.access.interfaces import Action
from hothouse.database.connection import Document
from hothouse.environments.schemas import Spec
from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.sharing import resource_of
from hothouse.environments.templates.schemas import NewTemplate, SavedTemplate, Size, TemplateFields
from hothouse.identity.principal import Principal
from hothouse.kit.problems import NotFound


class Saver:
    """Saves environments as templates, on behalf of who manages those."""

    def __init__(self, context: EnvironmentsContext) -> None:
        self._context = context

    async def save(self, principal: Principal, wanted: SavedTemplate) -> Document:
        """Make a template from which environments just like one are started.

        Secret files, the repository that was cloned, and variables that nobody asked to keep stay behind, since
        everyone who starts from it could read them. Raises: `NotFound`, `TemplateTaken`.
        """
        environment = await self._environment(principal, wanted.environment)
        spec = Spec.model_validate(environment["spec"])
        source = await self._context.templates.by_slug(spec.template)
        before = TemplateFields.model_validate(source["fields"]) if source else None
        return await self._context.templates.create(principal, _template(wanted, spec, before), access=wanted.access)

    async def _environment(self, principal: Principal, slug: str) -> Document:
        """Return an environment whose settings the caller may read. Raises: `NotFound`."""
        found = await self._context.environments.by_slug(slug)
        if found is not None and found["desired"] != "deleted":
            decision = await self._context.authorizer.check(principal, Action.ENVIRONMENT_EDIT, resource_of(found))
            if decision.is_allowed:
                return found
        raise NotFound(f'There is no environment "{slug}", or you may not change it.')


def _template(wanted: SavedTemplate, spec: Spec, before: TemplateFields | None) -> NewTemplate:
    kept = {*wanted.keep_env, *(before.env if before else ())}
    return NewTemplate(
        slug=wanted.slug,
        name=wanted.name,
        summary=wanted.summary,
        category=wanted.category,
        description=before.description if before else "",
        icon=before.icon if before else None,
        tags=before.tags if before else [],
        kind="image" if spec.image else "packages",
        packages=[] if spec.image else list(dict.fromkeys([*spec.packages, *spec.extra_packages])),
        node_packages=spec.node_packages,
        image=spec.image,
        command=spec.command,
        port=spec.port,
        folder=spec.folder,
        env={name: value for name, value in spec.env.items() if name in kept},
        files=spec.files,
        health=spec.health,
        size=spec.size,
        maximum=_larger(spec.size, before.maximum if before else spec.size),
        outbound=spec.outbound,
        is_culled=spec.is_culled,
        activity=spec.activity,
        background_bytes=spec.background_bytes,
        terminal_path=spec.terminal_path,
    )


def _larger(size: Size, other: Size) -> Size:
    return Size(
        cpu=max(size.cpu, other.cpu),
        memory_bytes=max(size.memory_bytes, other.memory_bytes),
        gpus=max(size.gpus, other.gpus),
    )
