"""Slugs of apps never look like those of environments."""

from hothouse.apps.manifests.names import slug_problem, slugify


def test_they_do_not_end_alike() -> None:
    assert "those of environments" in (slug_problem("notes-env") or "")
    assert slug_problem("envy") is None
    assert slugify("Notes env") == "notes"
