"""What logs must not show."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from hothouse.kit.logs import configure_logging

CANARY = "canary"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[Terminal, io.StringIO])
def written(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Logging set up anew, to a terminal and to a file."""
    root, output = logging.getLogger(), request.param()
    handlers, level = root.handlers, root.level
    monkeypatch.setattr("sys.stdout", output)
    configure_logging()
    yield output
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


def test_tracebacks_show_no_values(written: io.StringIO) -> None:
    def fail(password: str) -> None:
        raise ValueError

    try:
        fail(CANARY)
    except ValueError:
        structlog.get_logger().exception("it-failed")
        logging.getLogger("library").exception("it failed, too")
    assert "ValueError" in written.getvalue()
    assert "it failed, too" in written.getvalue()
    assert CANARY not in written.getvalue()
