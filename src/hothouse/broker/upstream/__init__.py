"""The broker's own way to MongoDB: raw connections, signed in as users that may touch one database each.

They are lent to one client's command at a time, from a pool per database and access.
"""

from hothouse.broker.upstream.connection import Receiver, UpstreamConnection, call
from hothouse.broker.upstream.login import Login
from hothouse.broker.upstream.pool import UpstreamPool
from hothouse.broker.upstream.pools import Pools
from hothouse.broker.upstream.server import Server
from hothouse.broker.upstream.users import Access, DatabaseUsers, drop_users

__all__ = [
    "Access",
    "DatabaseUsers",
    "Login",
    "Pools",
    "Receiver",
    "Server",
    "UpstreamConnection",
    "UpstreamPool",
    "call",
    "drop_users",
]
