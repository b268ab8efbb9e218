"""How slugs are written: they are the first part of apps' host names."""

import re

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")

ENVIRONMENT_ENDING = "-env"
"""How the slugs of environments end, and those of apps never do: both are first parts of host names."""
ENVIRONMENT_ID = "e-"
"""How the ids of environments begin, and those of apps never do."""
