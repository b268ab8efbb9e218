"""The reference page is what the table says."""

from pathlib import Path

import pytest

from hothouse.broker.commands import COMMANDS, REFUSED_STAGES, STAGES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "broker-commands.md"


@pytest.mark.parametrize("name", [*COMMANDS, *STAGES, *REFUSED_STAGES])
def test_names_each_command_and_stage(name: str) -> None:
    assert f"`{name}`" in PAGE.read_text()
