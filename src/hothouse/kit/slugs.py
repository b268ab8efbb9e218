"""How slugs are written: they are the first part of apps' host names."""

import re

SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
