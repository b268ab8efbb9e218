"""Admission: who may start now, and who waits until the machine has room."""
