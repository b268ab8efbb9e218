"""The wheel of `hothouse-sdk` that the platform carries.

Apps get the SDK from this wheel by its hash, never by its name from an index, where anyone may publish that name.
Wheels are kept by digest, so that a release built years ago can be built again with the SDK it had.
"""

import hashlib
import secrets
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

WHEELS_VARIABLE = "HOTHOUSE_WHEELS"


@dataclass(frozen=True, slots=True)
class SdkWheel:
    """A wheel in the store: `<folder>/<digest>/<name>`."""

    folder: Path
    digest: str
    name: str

    @property
    def requirement(self) -> str:
        """A requirement line that is the same on every machine: uv fills in the folder of the store."""
        return f"hothouse-sdk @ file://${{{WHEELS_VARIABLE}}}/{self.digest}/{self.name}"


def find_wheel(configured: Path | None) -> Path | None:
    """Find the wheel: the configured one, or the single one shipped inside the platform; None when there is none."""
    if configured is not None:
        return configured
    shipped = Path(str(resources.files("hothouse.apps") / "bundled"))
    found = sorted(shipped.glob("hothouse_sdk-*.whl")) if shipped.is_dir() else []
    return found[-1] if found else None


def store_wheel(wheel: Path, folder: Path) -> SdkWheel:
    """Put a wheel into the store under its digest; one that is there already is left alone.

    Raises: OSError when the wheel cannot be read.
    """
    content = wheel.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    target = folder / digest / wheel.name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.parent.chmod(0o755)
        unfinished = target.with_name(f".{secrets.token_hex(6)}.partial")
        shutil.copyfile(wheel, unfinished)
        unfinished.chmod(0o644)
        unfinished.replace(target)
    return SdkWheel(folder, digest, wheel.name)
