"""Write the generated reference pages; with `--check`, say which are stale and exit with code 1 if any is.

A generator is a module `generate_*.py` beside this one with `PAGE`, the page's path below docs/, and `render()`, which
returns the whole text. It has to be deterministic: no times, no machine's paths, nothing of the environment.
"""

import importlib
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))


def rendered() -> dict[Path, str]:
    """Return the text each generated page should have."""
    modules = [importlib.import_module(path.stem) for path in sorted(DOCS.glob("generate_*.py"))]
    return {DOCS / module.PAGE: module.render() for module in modules}


def stale() -> dict[Path, str]:
    """Return the pages that are not what they should be, with the text they should have."""
    return {
        path: text for path, text in rendered().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main(arguments: list[str]) -> int:
    """Write, or check, every page; returns the exit code."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    pages = stale()
    for path, text in pages.items():
        print(f"{'stale' if arguments else 'wrote'} docs/{path.relative_to(DOCS)}")
        if not arguments:
            path.write_text(text, encoding="utf-8")
    if arguments and pages:
        print("Run `python docs/generate.py` and commit what it writes.", file=sys.stderr)
    return 1 if arguments and pages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
