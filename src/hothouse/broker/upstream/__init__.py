"""The broker's own way to MongoDB: raw connections, signed in, and lent to one client's command at a time."""

from hothouse.broker.upstream.connection import Receiver, UpstreamConnection
from hothouse.broker.upstream.pool import UpstreamPool
from hothouse.broker.upstream.server import Server

__all__ = ["Receiver", "Server", "UpstreamConnection", "UpstreamPool"]
