"""The one error of archives."""


class ArchiveRefused(ValueError):
    """An archive is not accepted; nothing of it was written.

    `entry` is the name inside the archive that is the reason, or None when the archive as a whole is.
    """

    def __init__(self, reason: str, entry: str | None = None) -> None:
        self.reason = reason
        self.entry = entry
        super().__init__(f"{printable(entry)}: {reason}" if entry is not None else reason)


def printable(name: str) -> str:
    """Quote a name from an archive so that it cannot disturb a terminal, a log or a page."""
    text = name if len(name) <= 120 else f"{name[:117]}..."
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + '"'
