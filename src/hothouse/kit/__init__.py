"""Leaf helpers every feature may use; imports no feature."""
