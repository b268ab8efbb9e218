"""Implementations of the `Authorizer`."""
