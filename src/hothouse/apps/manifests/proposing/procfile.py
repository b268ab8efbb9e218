"""The `web:` line of a Procfile: the author's own word on how the app starts."""

import re
import shlex
from typing import Any

from hothouse.apps.manifests.names import MODULE_ATTRIBUTE

_WEB = re.compile(r"^web\s*:\s*(?P<line>.+)$", re.MULTILINE)
_SHELL = re.compile(r"[|;&<>`()]|\$\((?!PORT)|\$\{(?!PORT\})")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")


def web_command(text: str) -> dict[str, Any] | None:
    """Turn a Procfile into `kind` and `entry`; None when it has no `web` process.

    Commands of well-known servers become the kind they serve, so that the platform can start them its own way.
    """
    match = _WEB.search(text)
    if not match:
        return None
    line = match["line"].strip()
    try:
        words = shlex.split(line)
    except ValueError:
        words = []
    if not words or _SHELL.search(line) or _ASSIGNMENT.match(words[0]):
        return {"kind": "command", "entry": ["sh", "-c", f"exec {line}" if words and not _SHELL.search(line) else line]}
    return _known(words) or {"kind": "command", "entry": [word.replace("${PORT}", "$PORT") for word in words]}


def _known(words: list[str]) -> dict[str, Any] | None:
    program, rest = words[0].rpartition("/")[2], words[1:]
    if program in ("python", "python3") and len(rest) > 1 and rest[0] == "-m":
        program, rest = rest[1], rest[2:]
    if program == "streamlit" and rest[:1] == ["run"]:
        path = next((word for word in rest[1:] if word.endswith(".py")), None)
        return {"kind": "streamlit", "entry": path} if path else None
    target = next((word for word in rest if MODULE_ATTRIBUTE.match(word)), None)
    if program not in ("gunicorn", "uvicorn", "hypercorn", "waitress-serve", "daphne") or target is None:
        return None
    if any(word in ("--app-dir", "--chdir", "--factory") for word in rest):
        return None
    is_wsgi = program in ("gunicorn", "waitress-serve") and not any("uvicorn" in word.lower() for word in rest)
    return {"kind": "wsgi" if is_wsgi else "asgi", "entry": target}
