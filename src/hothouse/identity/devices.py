"""What a User-Agent header tells of the browser and system it came from: enough for people to know their own."""

import re
from dataclasses import dataclass

UNKNOWN = "Unknown"
LONGEST = 400  # longer ones are cut: the header is the visitor's to choose

# The first that matches counts: most browsers also claim to be those they descend from.
BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"\b(?:OPR|Opera)/(\d+)"),
    ("Samsung Internet", r"\bSamsungBrowser/(\d+)"),
    ("Vivaldi", r"\bVivaldi/(\d+)"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"\b(?:HeadlessChrome|Chromium|Chrome|CriOS)/(\d+)"),
    ("Safari", r"\bVersion/(\d+)[\d.]* (?:Mobile/\S+ )?Safari/"),
    ("curl", r"^curl/(\d+)"),
    ("Python", r"^python-\w+/(\d+)"),
)
SYSTEMS = (
    ("iPadOS", r"\biPad\b"),
    ("iOS", r"\biPhone\b|\biPod\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMacintosh\b|\bMac OS X\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from, as far as it can be told."""

    address: str
    user_agent: str


def browser_of(user_agent: str) -> str:
    """Return a browser's name and main version.

    >>> browser_of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox 140'
    """
    for name, pattern in BROWSERS:
        if found := re.search(pattern, user_agent[:LONGEST]):
            return f"{name} {found[1]}"
    return UNKNOWN


def system_of(user_agent: str) -> str:
    """Return the name of an operating system.

    >>> system_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15")
    'iOS'
    """
    return next((name for name, pattern in SYSTEMS if re.search(pattern, user_agent[:LONGEST])), UNKNOWN)
