"""Durable background work: recorded first, done by a worker, resumed by another when that one dies."""
