"""Culling: environments that nobody uses and that do nothing are put to sleep, and stopped later."""
