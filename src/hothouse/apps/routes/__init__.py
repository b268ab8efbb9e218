"""HTTP routes of apps."""

from hothouse.apps.routes import apps, events, logs, releases, uploads

ROUTERS = tuple(part.router for part in (uploads, apps, releases, logs, events))
