"""HTTP/1.1 in both directions at the level of asyncio protocols: connections, exchanges, pools, tunnels.

Knows nothing about apps, sign-in or the hub; what to do with a request is decided by a `Handler`.
"""
