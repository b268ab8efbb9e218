"""Who did what, when, from where: an append-only record in which each entry holds the hash of the one before."""
