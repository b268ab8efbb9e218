"""What the embedded server cannot do, by scenario: there the same refusal both ways is what is asked."""

import os
from typing import Any

GAPS = {
    "find_with_bounds": "no `min` and `max`",
    "types_times_beyond_calendars": "dates only from year 1 to 9999",
}
"""Scenarios that the embedded server ends with an error, and the reason."""


def check_result(name: str, result: Any) -> None:
    """Fail when a scenario tested nothing: gave nothing, or ended with an error that nobody expects.

    Other servers than the embedded one have gaps of their own, a standalone MongoDB no transactions for example.
    """
    assert result not in (None, [], {}), f"{name} gave nothing to compare"
    assert not isinstance(result, dict) or "crashed" not in result, result
    if not os.environ.get("HOTHOUSE_TEST_MONGODB_URI"):
        is_error = isinstance(result, dict) and "error" in result
        assert is_error == (name in GAPS), f"{name}: {result if is_error else 'this works now; take it off the list'}"
