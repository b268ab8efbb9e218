"""Secrets of a person: environment variables and files that their environments are given, and nothing else."""
