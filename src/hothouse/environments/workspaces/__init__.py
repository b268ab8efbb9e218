"""Workspaces: files that outlive environments."""
