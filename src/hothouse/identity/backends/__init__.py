"""Implementations of identity's seams."""
