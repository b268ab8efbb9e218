"""One requirement line, judged without any network."""

import re

from packaging.requirements import InvalidRequirement, Requirement

_REMOTE = re.compile(r"^(git|hg|svn|bzr)\+|^https?://|^file:", re.IGNORECASE)


def package_problem(text: str) -> str | None:
    """Say what is wrong with an inline requirement, or None."""
    line = text.strip()
    if not line:
        return "The requirement is empty."
    if line.startswith("-"):
        return f'"{line}" is an option of an installer, not a package; options belong to a requirements file.'
    if _REMOTE.match(line):
        return f'"{line}" has no name; write it as "name @ {line}".'
    try:
        Requirement(line)
    except InvalidRequirement as error:
        reason = str(error).splitlines()[0]
        return f'"{line}" is not a requirement such as "pandas>=2": {reason}.'
    return None
