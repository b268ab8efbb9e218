"""`hothouse access` and `hothouse groups`, against a hub that listens."""

import asyncio
import json
import sys
from typing import Any

from tests.support.events import on_a_port
from tests.support.up_process import clean_environment


async def test_sharing_from_a_terminal(circle: Any) -> None:
    app = await circle.app("ada")
    token = (await circle.ask("ada", "POST", "tokens", 201, {"name": "cli"}))["token"]
    async with on_a_port(circle.hub) as url:
        env = clean_environment(HOTHOUSE_URL=url, HOTHOUSE_TOKEN=token)

        async def run(*arguments: str, code: int = 0) -> str:
            pipe = asyncio.subprocess.PIPE
            command = (sys.executable, "-m", "hothouse.cli", *arguments)
            process = await asyncio.create_subprocess_exec(*command, env=env, stdout=pipe, stderr=pipe)
            out, err = await process.communicate()
            assert process.returncode == code, (arguments, out, err)
            return out.decode() + err.decode()

        await run("groups", "create", "Imaging", "--description", "Pictures")
        await run("groups", "add", "Imaging", "mia@example.org", "--manager")
        assert "mia@example.org" in await run("groups", "members", "imaging")
        assert "Imaging" in await run("groups")
        await run("access", "grant", app, "Imaging", "editor", "--until", "2060-06-30", "--note", "the paper")
        await run("access", "grant", app, "max@example.org", "denied")
        shown = await run("access", "show", app)
        assert "ada@example.org" in shown
        assert "the paper" in shown
        grants = json.loads(await run("access", "show", app, "--json"))["grants"]
        assert [(one["subject"]["name"], one["role"]) for one in grants] == [("Imaging", "editor"), ("Max", "denied")]
        assert "is in the group Imaging" in await run("access", "explain", app, "mia@example.org")
        assert "Max is denied" in await run("access", "explain", app, "max@example.org", code=1)
        assert "mia@example.org" in await run("access", "who", app, "--action", "app.edit")
        await run("access", "revoke", app, "max@example.org")
        await run("groups", "remove", "Imaging", "mia@example.org")
        assert "There is no group Nothing" in await run("access", "grant", app, "Nothing", "viewer", code=1)
        await run("groups", "delete", "Imaging", "--yes")
