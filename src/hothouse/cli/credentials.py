"""What `hothouse login` keeps: API tokens by the address of their platform, in a file of the person's own."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hothouse.cli.errors import CliError

OTHERS = 0o077  # permission bits of everybody but the owner


@dataclass(frozen=True, slots=True)
class Stored:
    """A sign-in at one platform."""

    url: str
    token: str
    token_id: str
    email: str


class CredentialsFile:
    """`$XDG_CONFIG_HOME/hothouse/credentials.json`, which nobody but its owner may read."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or _default_path()

    def get(self, url: str | None) -> Stored | None:
        """Return the sign-in at an address; without one, the newest. Raises: CliError for a file open to others."""
        content = self._read()
        url = url.rstrip("/") if url else content.get("current")
        found = content.get("platforms", {}).get(url)
        if not isinstance(found, dict) or not isinstance(found.get("token"), str):
            return None
        return Stored(str(url), found["token"], str(found.get("token_id", "")), str(found.get("email", "")))

    def put(self, stored: Stored) -> None:
        """Keep a sign-in, in place of an earlier one at the same address."""
        content = self._read()
        own = {"token": stored.token, "token_id": stored.token_id, "email": stored.email}
        self._write({"current": stored.url, "platforms": {**content.get("platforms", {}), stored.url: own}})

    def remove(self, url: str) -> None:
        """Forget the sign-in at an address."""
        content = self._read()
        platforms = {one: kept for one, kept in content.get("platforms", {}).items() if one != url}
        current = content.get("current")
        self._write(
            {"current": current if current in platforms else next(iter(platforms), None), "platforms": platforms}
        )

    def _read(self) -> dict[str, Any]:
        try:
            with self.path.open(encoding="utf-8") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & OTHERS:
                    raise CliError(f"{self.path} holds API tokens and is open to others. Run `chmod 600 {self.path}`.")
                content = json.load(file)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise CliError(f"{self.path} cannot be read ({error}). Remove it and run `hothouse login`.") from error
        return content if isinstance(content, dict) else {}

    def _write(self, content: dict[str, Any]) -> None:
        """Replace the file at once: it is never there by half, nor open to others for a moment."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, partial = tempfile.mkstemp(dir=self.path.parent, prefix=".credentials-")  # made with mode 0600
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=2)
            Path(partial).replace(self.path)
        except OSError as error:
            raise CliError(f"{self.path} cannot be written ({error}). Set HOTHOUSE_TOKEN instead.") from error


def _default_path() -> Path:
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "hothouse" / "credentials.json"
