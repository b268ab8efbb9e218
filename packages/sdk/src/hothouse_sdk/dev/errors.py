"""What can keep an app from running alone.

DevError: the reason, and what to do.
"""


class DevError(Exception):
    """Say why the app cannot be run, and what to do."""
