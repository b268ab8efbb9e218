"""Quotas: how much a person, or a group together, may have of everything that takes room."""
