"""Names that a manifest may use: slugs, paths inside the source."""

import re
import unicodedata

from hothouse.kit.slugs import ENVIRONMENT_ENDING, SLUG

MODULE_ATTRIBUTE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*(\(\))?\Z")

RESERVED_SLUGS = frozenset(
    {
        "admin",
        "api",
        "app",
        "apps",
        "assets",
        "auth",
        "broker",
        "cdn",
        "config",
        "console",
        "dashboard",
        "docs",
        "gateway",
        "health",
        "hothouse",
        "hub",
        "internal",
        "local",
        "localhost",
        "login",
        "logout",
        "mail",
        "metrics",
        "platform",
        "set-up",
        "setup",
        "sign-in",
        "static",
        "status",
        "store",
        "support",
        "web",
        "www",
    }
)
"""Host names the platform keeps for itself or that visitors would take for the platform's, and MongoDB's own databases:
other apps call an app's database by its slug.
"""


def slug_problem(slug: str) -> str | None:
    """Say what is wrong with a slug for an app, or None."""
    if slug.endswith(ENVIRONMENT_ENDING):
        return f'Slugs that end in "{ENVIRONMENT_ENDING}" are those of environments; choose another.'
    if slug in RESERVED_SLUGS:
        return f'"{slug}" is reserved for the platform; choose another, for example "my-{slug}".'
    return slug_form_problem(slug)


def slug_form_problem(slug: str) -> str | None:
    """Say what is wrong with how a slug is written, or None; also for one that is reserved."""
    if not SLUG.match(slug) or slug.startswith("xn--"):
        suggestion = slugify(slug)
        hint = f' "{suggestion}" would work.' if suggestion and suggestion != slug else ""
        return (
            "A slug becomes part of the app's address: 1 to 63 lower-case letters, digits and hyphens, "
            f"starting and ending with a letter or digit.{hint}"
        )
    return None


def slugify(text: str) -> str:
    """Make a valid slug of any text; empty when nothing of it can be kept.

    >>> slugify("Über Café_Dashboard v2!")
    'uber-cafe-dashboard-v2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:63].rstrip("-")
    if slug.startswith("xn--"):
        slug = slug.removeprefix("xn--")
    slug = slug.removesuffix(ENVIRONMENT_ENDING)
    return f"my-{slug}"[:63] if slug in RESERVED_SLUGS else slug


def path_problem(path: str) -> str | None:
    """Say what is wrong with a relative path inside the source, or None; "." is the source folder itself."""
    if not path.strip():
        return "Write a path, relative to the folder of manifest.json."
    if "\\" in path or ":" in path.partition("/")[0]:
        return f'Write "{path}" with forward slashes, relative to the folder of manifest.json.'
    if path.startswith("/"):
        return f'"{path}" is absolute; write it relative to the folder of manifest.json.'
    if ".." in path.split("/"):
        return f'"{path}" leaves the app\'s folder; only files of the app can be used.'
    if any(unicodedata.category(character) == "Cc" for character in path):
        return "The path contains a control character."
    return None
