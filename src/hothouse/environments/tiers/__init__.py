"""Tiers: how much each of a person's environments may take, and how many may run at once."""
