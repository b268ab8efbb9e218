"""Where an app's files live under the data folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AppPaths:
    """Folders of one app."""

    root: Path

    @classmethod
    def of(cls, home: Path, app_id: str) -> "AppPaths":
        return cls(home / "apps" / app_id)

    @property
    def home(self) -> Path:
        """The app's workspace: files that outlive releases."""
        return self.root / "home"

    def source(self, number: int) -> Path:
        """The app's own copy of a release's source; what it writes there stays with that release."""
        return self.root / "releases" / str(number)
