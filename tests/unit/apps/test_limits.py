"""Of what the platform, an admin and the manifest allow, the right one counts."""

from typing import Any

import pytest

from hothouse.apps.manifests import parse
from hothouse.apps.service.limits import limits_for
from hothouse.broker.limits import Limits
from hothouse.settings import Settings

SETTINGS = Settings.model_validate({"data": {"storage_bytes": 2**30, "max_time_ms": 10_000, "connections": 7}})


def manifest_with(**limits: Any) -> Any:
    base = {"schema_version": "1", "slug": "one", "name": "One", "kind": "static", "entry": "."}
    return parse({**base, "data": {"limits": limits}})


class TestLimits:
    @pytest.mark.parametrize("manifest", [None, manifest_with(), manifest_with(max_time_ms=None, storage=None)])
    def test_the_platform_s_own(self, manifest: Any) -> None:
        expected = Limits(max_time_ms=10_000, storage_bytes=2**30, connections=7, batch_documents=10_000)
        assert limits_for({}, manifest, SETTINGS) == expected

    @pytest.mark.parametrize(
        ("asked", "allowed", "storage_bytes"),
        [
            ("512MiB", None, 2**29),
            ("4GiB", None, 2**30),
            ("4GiB", 2**33, 2**32),
            ("16GiB", 2**33, 2**33),
            (None, 2**20, 2**20),
            (5_000_000, 2**20, 2**20),
        ],
    )
    def test_storage(self, asked: Any, allowed: int | None, storage_bytes: int) -> None:
        limits = limits_for({"storage_bytes": allowed}, manifest_with(storage=asked), SETTINGS)
        assert limits.storage_bytes == storage_bytes

    @pytest.mark.parametrize(("asked", "most"), [(1, 1), (9_999, 9_999), (60_000, 10_000)])
    def test_time(self, asked: int, most: int) -> None:
        assert limits_for({}, manifest_with(max_time_ms=asked), SETTINGS).max_time_ms == most
