"""The benchmark's hub: one private app, and an admission for one session."""

import asyncio
import json
import sys

from aiohttp import web

SESSION = "bench-session-0123456789abcdef"


async def routes(request: web.Request) -> web.StreamResponse:
    """Stream one route, then comments."""
    app = {
        "app_id": "app_1", "slug": "bench", "name": "Bench", "icon": "", "state": "running", "reason": "",
        "endpoint": request.app["endpoint"], "access": "private", "release": 1, "workload_id": "w", "deployment": None,
    }  # fmt: skip
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await response.write(f"event: snapshot\ndata: {json.dumps({'routes': [app]})}\n\n".encode())
    while True:
        await asyncio.sleep(10)
        await response.write(b": ping\n\n")


async def admit(request: web.Request) -> web.Response:
    """Let the one session in."""
    is_known = (await request.json())["app_session"] == SESSION
    identity = {"user_id": "usr_1", "email": "ada@example.org", "name": "Ada Lovelace", "groups": ["lab"]}
    outcome = {"outcome": "allowed", "identity": identity} if is_known else {"outcome": "sign-in", "identity": None}
    return web.json_response({**outcome, "ttl_seconds": 30, "reason": ""})


async def activity(_: web.Request) -> web.Response:
    """Take the report."""
    return web.Response(status=204)


def main() -> None:
    """Serve on the unix socket given first, for the app at the endpoint given second."""
    app = web.Application()
    app["endpoint"] = sys.argv[2]
    app.router.add_get("/internal/v1/routes", routes)
    app.router.add_post("/internal/v1/admit", admit)
    app.router.add_post("/internal/v1/activity", activity)
    web.run_app(app, path=sys.argv[1], print=None)


if __name__ == "__main__":
    main()
