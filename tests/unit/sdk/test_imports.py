"""What starting an app costs: nothing it does not use is imported, and nothing of the platform ever."""

import subprocess
import sys

import pytest

import hothouse_sdk


def loaded_by(code: str) -> set[str]:
    program = f"{code}\nimport sys\nprint(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_an_app_without_database_or_logging_stays_light() -> None:
    code = "import hothouse_sdk.run\nfrom hothouse_sdk import Experiment, OptionalUser, actor\nExperiment()"
    modules = loaded_by(code)
    assert "fastapi" in modules
    assert modules.isdisjoint({"pymongo", "bson", "structlog", "jinja2", "rich", "hothouse"})


def test_serving_files_needs_no_fastapi() -> None:
    assert loaded_by("import hothouse_sdk.serve_static").isdisjoint({"fastapi", "pydantic", "pymongo", "structlog"})


def test_nothing_of_the_platform() -> None:
    names = ", ".join(hothouse_sdk.__all__)
    code = f"from hothouse_sdk import {names}\nimport hothouse_sdk.legacy, hothouse_sdk.dev, hothouse_sdk.cli"
    assert "hothouse" not in loaded_by(code)


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Experimint'"):
        hothouse_sdk.Experimint  # noqa: B018 - looking it up is the test
