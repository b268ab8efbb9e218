"""Driving environments towards what is wanted of them."""
