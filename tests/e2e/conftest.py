"""One platform for the whole session, with the example apps; tests that break it bring their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.running_platform import Platform

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A running platform whose admin is Ada."""
    platform = Platform(tmp_path_factory.mktemp("platform") / "home", examples=EXAMPLES)
    platform.start()
    yield platform
    platform.close()


@pytest.fixture(scope="session")
def token(platform: Platform) -> str:
    """An API token of Ada's."""
    return platform.token()
