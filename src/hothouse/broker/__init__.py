"""The broker: MongoDB for workloads, each held to its own database. See docs/adr/0003-broker.md."""

from hothouse.broker.process import serve

__all__ = ["serve"]
