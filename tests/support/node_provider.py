"""npm's `oidc-provider`, a certified OpenID provider, as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.ports import free_port

HERE = Path(__file__).parent / "provider"
NODE = Path(sys.executable).with_name("node")
SECRET = "between the provider and Hothouse"


class NodeProvider:
    """One provider; where it will be is known before it runs."""

    def __init__(self, provider_id: str, *, groups_in: str | None = None) -> None:
        self.id = provider_id
        self.issuer = f"http://localhost:{free_port()}"
        self._groups_in = groups_in
        self._process: subprocess.Popen[str] | None = None

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return what Hothouse is told of it."""
        base = {"id": self.id, "issuer": self.issuer, "client_id": "hothouse", "client_secret": SECRET}
        return {**base, "name": self.id.title(), **more}

    def start(self, main_url: str) -> None:
        """Run it for a Hothouse at this address."""
        client = {
            "client_id": "hothouse",
            "client_secret": SECRET,
            "redirect_uris": [f"{main_url}/sign-in/{self.id}"],
            "post_logout_redirect_uris": [f"{main_url}/sign-in"],
            "backchannel_logout_uri": f"{main_url}/api/v1/auth/providers/{self.id}/logout",
        }
        options = json.dumps({"issuer": self.issuer, "client": client, "groupsIn": self._groups_in})
        self._process = subprocess.Popen(
            [str(NODE), "provider.mjs", options],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._wait_for("ready")

    def stop(self) -> None:
        """End it; harmless when it has ended."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
        self._process = None

    def know(self, login: str, **claims: Any) -> None:
        """Let somebody be known there, by that login, as they are from now on."""
        assert self._process is not None
        assert self._process.stdin is not None
        verified = {"email": f"{login}@lab.org", "email_verified": True, "name": login.title()}
        order = {"order": "person", "id": login, "claims": {**verified, **claims}}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        self._wait_for("done")

    def _wait_for(self, word: str) -> None:
        """Read what it prints up to a word; it warns on its output, too."""
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.strip() == word:
                return
        raise AssertionError(f"the provider ended before it said {word!r}")
