"""Container images that templates name: what is on this machine, and getting more."""
