"""Environments: what people work in. Templates to start from, workspaces that keep files, and what runs."""
