"""What all features bring: their routes, and the indexes of their collections."""

from hothouse.access import repository as access_repository
from hothouse.access.routes import ROUTERS as ACCESS_ROUTERS
from hothouse.apps import repository as apps_repository
from hothouse.apps.routes import ROUTERS as APPS_ROUTERS
from hothouse.audit import repository as audit_repository
from hothouse.audit.routes import router as audit_router
from hothouse.broker import credentials as broker_credentials
from hothouse.broker import quotas as broker_quotas
from hothouse.broker import usage as broker_usage
from hothouse.data import repository as data_repository
from hothouse.data.routes import router as data_router
from hothouse.environments import repository as environments_repository
from hothouse.environments.culling import repository as culling_repository
from hothouse.environments.culling.routes import router as culling_router
from hothouse.environments.events import router as environment_events_router
from hothouse.environments.images.routes import router as images_router
from hothouse.environments.routes import router as environments_router
from hothouse.environments.running import repository as running_repository
from hothouse.environments.running.routes import router as running_router
from hothouse.environments.templates import repository as templates_repository
from hothouse.environments.templates.routes import router as templates_router
from hothouse.environments.tiers import repository as tiers_repository
from hothouse.environments.tiers.routes import router as tiers_router
from hothouse.environments.workspaces import repository as workspaces_repository
from hothouse.environments.workspaces.routes import ROUTERS as WORKSPACES_ROUTERS
from hothouse.hub.internal import router as internal_router
from hothouse.hub.platform import router as platform_router
from hothouse.identity import repository as identity_repository
from hothouse.identity.device_login import repository as device_repository
from hothouse.identity.factors import repository as factors_repository
from hothouse.identity.impersonation import repository as impersonation_repository
from hothouse.identity.passkeys import repository as passkeys_repository
from hothouse.identity.routes import ROUTERS as IDENTITY_ROUTERS
from hothouse.jobs import repository as jobs_repository
from hothouse.oidc import repository as oidc_repository
from hothouse.oidc.routes import ROUTERS as OIDC_ROUTERS
from hothouse.quotas import repository as quotas_repository
from hothouse.quotas.routes import router as quotas_router
from hothouse.secrets.personal import repository as personal_repository
from hothouse.secrets.personal.routes import router as personal_router
from hothouse.secrets.routes import router as secrets_router
from hothouse.workloads import repository as workloads_repository

ROUTERS = (
    platform_router,
    *IDENTITY_ROUTERS,
    *ACCESS_ROUTERS,
    *OIDC_ROUTERS,
    *APPS_ROUTERS,
    data_router,
    environment_events_router,
    *WORKSPACES_ROUTERS,
    environments_router,
    culling_router,
    templates_router,
    tiers_router,
    quotas_router,
    running_router,
    images_router,
    secrets_router,
    personal_router,
    audit_router,
    internal_router,
)
INDEXES = (
    identity_repository.INDEXES,
    factors_repository.INDEXES,
    passkeys_repository.INDEXES,
    device_repository.INDEXES,
    impersonation_repository.INDEXES,
    access_repository.INDEXES,
    apps_repository.INDEXES,
    workloads_repository.INDEXES,
    jobs_repository.INDEXES,
    broker_credentials.INDEXES,
    broker_quotas.INDEXES,
    broker_usage.INDEXES,
    data_repository.INDEXES,
    environments_repository.INDEXES,
    culling_repository.INDEXES,
    templates_repository.INDEXES,
    tiers_repository.INDEXES,
    quotas_repository.INDEXES,
    running_repository.INDEXES,
    workspaces_repository.INDEXES,
    audit_repository.INDEXES,
    oidc_repository.INDEXES,
    personal_repository.INDEXES,
)
