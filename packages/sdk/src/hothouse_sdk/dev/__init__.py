"""`hothouse-sdk dev`: one app alone, on the machine of the person who writes it."""

from hothouse_sdk.dev.errors import DevError
from hothouse_sdk.dev.server import run

__all__ = ["DevError", "run"]
