"""Routes on workspaces and on the files in them."""

from hothouse.environments.workspaces.routes import files, reading, uploads, workspaces

ROUTERS = tuple(part.router for part in (workspaces, reading, files, uploads))
