"""How long to wait before a crashed part is started again."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Backoff:
    """Doubles from `first` to `most` seconds with each crash; a part that ran for `healthy` seconds starts over."""

    first: float = 0.2
    most: float = 10.0
    healthy: float = 30.0
    crashes: int = 0

    def after(self, lifetime: float) -> float:
        """Return the seconds to wait after a part died that had run for `lifetime` seconds."""
        self.crashes = 1 if lifetime >= self.healthy else self.crashes + 1
        return float(min(self.first * 2 ** min(self.crashes - 1, 30), self.most))
