"""Permissions decided by casbin, in this process."""

from hothouse.access.backends.casbin.authorizer import CasbinAuthorizer

__all__ = ["CasbinAuthorizer"]
