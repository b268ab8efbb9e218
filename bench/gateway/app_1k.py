"""The benchmark's app: a raw ASGI responder of 1 KB."""

BODY = b"x" * 1024
HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"1024")]


async def app(scope, receive, send):
    """Answer everything with the same kilobyte."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
