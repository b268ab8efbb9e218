"""Structured logging."""

import json
from typing import Any

import pytest
import structlog

from hothouse_sdk import logs


@pytest.fixture
def json_log(capsys: pytest.CaptureFixture[str]) -> Any:
    structlog.reset_defaults()

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    yield read
    structlog.reset_defaults()


def test_one_json_object_a_line(json_log: Any) -> None:
    logs.get_logger("garden", bed=3).info("watered", litres=2, by="Zoë")
    [event] = json_log()
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "watered", "level": "info", "logger_name": "garden", "bed": 3, "litres": 2, "by": "Zoë",
    }  # fmt: skip


def test_request_id(json_log: Any) -> None:
    logs.begin_request({"x-request-id": "req-1"})
    logs.get_logger().info("asked")
    assert json_log()[0]["request_id"] == "req-1"


@pytest.mark.parametrize("given", ["", "two words", "new\nline", "é", "x" * 129])
def test_unsafe_request_ids_are_replaced(given: str) -> None:
    assert logs.begin_request({"x-request-id": given}) != given


def test_exception(json_log: Any) -> None:
    try:
        raise ValueError("dry")
    except ValueError:
        logs.get_logger().exception("failed")
    assert "ValueError: dry" in json_log()[0]["exception"]


def test_an_app_that_configured_structlog_keeps_its_way(json_log: Any, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()])
    logs.get_logger().info("mine")
    assert capsys.readouterr().out == "event='mine'\n"
