"""The data plane for HTTP: the only public port. Routes by `Host` to the hub or to apps, admits, wakes, streams."""

from hothouse.gateway.process import serve

__all__ = ["serve"]
