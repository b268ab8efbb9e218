"""Every query on apps, releases, deployments and uploads."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from hothouse.apps.repository.apps import AppsRepository
from hothouse.apps.repository.deployments import DeploymentsRepository
from hothouse.apps.repository.releases import ReleasesRepository
from hothouse.apps.repository.secret_reads import SecretReadsRepository
from hothouse.apps.repository.uploads import UploadsRepository

SECRET_READS_KEPT_SECONDS = 2 * 365 * 86_400

INDEXES = {
    "apps": [
        IndexModel([("slugs", ASCENDING)], unique=True),
        IndexModel([("realm", ASCENDING), ("slug", ASCENDING)]),
        IndexModel([("owner_id", ASCENDING)]),
        IndexModel([("reads_from", ASCENDING)]),
    ],
    "releases": [
        IndexModel([("app_id", ASCENDING), ("number", DESCENDING)], unique=True),
        IndexModel([("digest", ASCENDING)]),
        IndexModel([("app_id", ASCENDING), ("state", ASCENDING)]),
    ],
    "deployments": [
        IndexModel([("app_id", ASCENDING), ("created_at", DESCENDING)]),
        IndexModel([("state", ASCENDING)]),
    ],
    "secret_reads": [
        IndexModel([("app_id", ASCENDING), ("at", DESCENDING)]),
        IndexModel([("at", ASCENDING)], expireAfterSeconds=SECRET_READS_KEPT_SECONDS),
    ],
    "uploads": [IndexModel([("digest", ASCENDING)]), IndexModel([("realm", ASCENDING), ("expires_at", ASCENDING)])],
}

__all__ = [
    "INDEXES",
    "AppsRepository",
    "DeploymentsRepository",
    "ReleasesRepository",
    "SecretReadsRepository",
    "UploadsRepository",
]
