"""The output of uv and npm for people: what failed and why, with nothing secret in it."""

import re

_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_NEEDS_SOURCE = re.compile(
    r"building from source is disabled|Building source distributions.* (is|are) disabled|no usable wheels|--no-build",
    re.IGNORECASE,
)
_ERROR = re.compile(r"^\s*(error|\xd7)\s*:?\s*", re.IGNORECASE)
_CAUSE = re.compile(r"^\s*(cause|╰─▶|├─▶|Caused by)\s*:?\s*", re.IGNORECASE)
_NPM_ERROR = re.compile(
    r"^npm error (?!code |A complete log|https?:|Note that |tarball, )(?:\d{3} |[a-z]+ (?=[A-Z]))?(?=\S)"
)
_MAX_REASON = 700


def masked(line: str) -> str:
    """Hide user names and passwords in addresses.

    >>> masked("at https://ada:secret@host/simple")
    'at https://***@host/simple'
    """
    return _CREDENTIALS.sub("***@", line)


def needs_source_build(lines: list[str]) -> bool:
    """Tell whether a run that may only use wheels failed for want of one."""
    return any(_NEEDS_SOURCE.search(line) for line in lines)


def reason_of(lines: list[str], fallback: str) -> str:
    """Pick out of the output of uv, or npm, why it gave up, as flowing text."""
    if told := [_NPM_ERROR.sub("", line) for line in lines if _NPM_ERROR.match(line)]:
        return f"{' '.join(told)[:_MAX_REASON].rstrip('.')}."
    start = next((number for number, line in enumerate(lines) if _ERROR.match(line)), None)
    if start is None:
        return fallback
    told = [_ERROR.sub("", lines[start])]
    for line in lines[start + 1 :]:
        if line.lstrip().startswith(("hint:", "[stderr]", "[stdout]", "--- std", "help:")):
            break
        told.append(_CAUSE.sub("", line).strip(" │├╰─▶"))
    text = " ".join(part.strip() for part in told if part.strip())
    text = text.replace("No solution found when resolving dependencies", "The requirements cannot all be met:")
    text = re.sub(r"::? ", ": ", text)
    text = text if len(text) <= _MAX_REASON else f"{text[: _MAX_REASON - 1].rsplit(' ', 1)[0]} …"
    return text if text.endswith((".", "…", "!")) else f"{text}."
