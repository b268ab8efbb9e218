"""Viewing as somebody else: an admin acts as another person, for a while, for a reason, and on record."""
