"""Templates: the catalogue of what environments are started from."""
