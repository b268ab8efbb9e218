"""The pages that visitors see when no app answers them: self-contained, quiet, and readable without scripts."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent
_SPROUT = (
    '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" '
    'stroke-linejoin="round"><path d="M12 21v-9"/><path d="M12 12c0-4 3-7 8-7 0 5-3 7-8 7z"/>'
    '<path d="M12 15c0-3-2.500-5.500-7-5.500 0 4 2.500 5.500 7 5.500z"/></svg>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says. `actions` are (label, address), the main one first."""

    heading: str
    lead: str
    app: str = ""
    icon: str = ""
    log: Sequence[str] = ()
    actions: Sequence[tuple[str, str]] = ()
    shows_progress: bool = False
    refresh_seconds: int | None = None


class Pages:
    """Renders pages; style and script go in line, allowed by their hashes alone."""

    def __init__(self) -> None:
        self._template = Template((_FOLDER / "page.html").read_text("utf-8"))
        self._css = (_FOLDER / "page.css").read_text("utf-8")
        self._script = (_FOLDER / "progress.js").read_text("utf-8")
        self.security_policy = (
            f"default-src 'none'; style-src {_source(self._css)}; script-src {_source(self._script)}; "
            "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
        )

    def render(self, page: Page) -> str:
        """Return the page as HTML."""
        return self._template.substitute(
            heading=escape(page.heading),
            lead=escape(page.lead),
            css=self._css,
            mark=_mark(page.icon),
            app=f'<p class="app">{escape(page.app)}</p>\n' if page.app else "",
            refresh=_refresh(page),
            extra=_extra(page),
            actions=_actions(page),
            script=f"<script>{self._script}</script>\n" if page.shows_progress else "",
        )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _mark(icon: str) -> str:
    """Show an app's icon if it is an emoji; names of drawings are for the web UI."""
    return escape(icon) if icon and not icon.isascii() else _SPROUT


def _refresh(page: Page) -> str:
    if page.refresh_seconds is None:
        return ""
    tag = f'<meta http-equiv="refresh" content="{page.refresh_seconds}">\n'
    return f"<noscript>{tag}</noscript>\n" if page.shows_progress else tag


def _extra(page: Page) -> str:
    log = escape("\n".join(page.log))
    if page.shows_progress:
        return f'<div class="bar" aria-hidden="true"></div>\n<pre id="log" aria-label="Log">{log}</pre>\n'
    return f'<pre aria-label="Last lines of the log" tabindex="0">{log}</pre>\n' if log else ""


def _actions(page: Page) -> str:
    if not page.actions:
        return ""
    links = "".join(f'<a href="{escape(address)}">{escape(label)}</a>' for label, address in page.actions)
    return f'<div class="actions">{links}</div>\n'
