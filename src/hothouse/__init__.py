"""Hothouse: a self-hosted lab."""
