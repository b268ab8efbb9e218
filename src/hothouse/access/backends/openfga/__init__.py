"""Permissions decided by an OpenFGA server, which is told of every grant, membership and role."""

from hothouse.access.backends.openfga.authorizer import OpenFgaAuthorizer
from hothouse.access.backends.openfga.client import OpenFgaClient

__all__ = ["OpenFgaAuthorizer", "OpenFgaClient"]
