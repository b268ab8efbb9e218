"""Workloads: recorded, started, watched, ended, whatever feature they belong to."""
