"""The reference page is what the models say."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[4] / "docs"


class TestReference:
    def test_is_up_to_date(self):
        module = runpy.run_path(str(DOCS / "generate_manifest.py"))
        assert (DOCS / "reference" / "manifest.md").read_text("utf-8") == module["render"]()
