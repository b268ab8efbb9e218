"""Signing in by OpenID Connect: providers, the identities people have there, and the groups those decide on."""
