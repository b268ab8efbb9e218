"""The settings that the how-to shows are settings."""

import json
from pathlib import Path

from tests.support.code_blocks import blocks_of

from hothouse.settings_oidc import OidcSettings

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "sign-in-with-openid-connect.md"


def test_each_example_is_accepted() -> None:
    shown = [json.loads(block.text) for block in blocks_of(PAGE) if block.language == "json"]
    accepted = [OidcSettings.model_validate({"providers": providers}).providers[0] for providers in shown]
    assert [one.id for one in accepted] == ["uni", "google", "keycloak", "authentik"]
    for one in accepted:
        if one.preset is None and one.id != "uni":
            assert f"/api/v1/auth/providers/{one.id}/logout" in PAGE.read_text()
