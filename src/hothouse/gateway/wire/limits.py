"""Bounds on what one client or one upstream may take up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Every bound of the wire in one place; sizes in bytes, times in seconds."""

    head_bytes: int = 32 * 1024
    head_fields: int = 128
    response_head_bytes: int = 256 * 1024
    head_seconds: float = 30.0
    body_stall_seconds: float = 120.0
    write_stall_seconds: float = 600.0
    idle_seconds: float = 75.0
    linger_seconds: float = 5.0
    linger_bytes: int = 8 * 2**20
    buffered_bytes: int = 64 * 1024
    pipelined: int = 32
    connections: int = 8192
    upstream_idle_seconds: float = 4.0
    """Below the five seconds after which uvicorn, the commonest server of apps, closes an idle connection."""
    upstream_idle_connections: int = 256
    connect_seconds: float = 5.0
