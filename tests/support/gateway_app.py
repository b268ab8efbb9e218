"""The app behind the gateway in tests: a raw ASGI program that tells what it got and streams on demand.

`/gate` waits for the file named by GATE to exist, so that tests decide when an answer goes on.
"""

import asyncio
import hashlib
import json
import os
from pathlib import Path
from urllib.parse import parse_qs


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    elif scope["type"] == "websocket":
        await websocket(scope, receive, send)
    else:
        handler = ROUTES.get(scope["path"], echo)
        await handler(scope, receive, send)


async def answer(send, body, *headers, status=200):
    fields = [(b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


async def read(receive):
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def echo(scope, receive, send):
    body = await read(receive)
    said = {
        "pid": os.getpid(),
        "method": scope["method"],
        "path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]],
        "body": (body or b"").decode("latin-1"),
        "client": scope["client"],
    }
    await answer(send, json.dumps(said).encode(), (b"content-type", b"application/json"))


async def count(scope, receive, send):
    """Take a large upload piece by piece, and tell its digest."""
    digest, size, more = hashlib.sha256(), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        piece, more = message.get("body", b""), message.get("more_body", False)
        digest.update(piece)
        size += len(piece)
    await answer(send, json.dumps({"size": size, "sha256": digest.hexdigest()}).encode())


async def duplex(scope, receive, send):
    """Answer each piece of the request as it comes."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        more = message.get("more_body", False)
        if message.get("body"):
            await send({"type": "http.response.body", "body": b"<" + message["body"] + b">", "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def big(scope, receive, send):
    size = int(parse_qs(scope["query_string"])[b"size"][0])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % size)]})
    block = b"z" * 65536
    left = asyncio.create_task(disconnected(receive))
    for start in range(0, size, len(block)):
        await send({"type": "http.response.body", "body": block[: size - start], "more_body": True})
        note("sent", start)
        await asyncio.sleep(0)  # sending to nobody does not wait, and the others would
        if left.done():
            return
    left.cancel()
    await send({"type": "http.response.body", "body": b""})


async def events(scope, receive, send):
    """Send an event, wait for the gate, send another; note when the visitor leaves."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b"data: first\n\n", "more_body": True})
    gate, left = asyncio.create_task(opened()), asyncio.create_task(disconnected(receive))
    await asyncio.wait({gate, left}, return_when=asyncio.FIRST_COMPLETED)
    if left.done():
        note("left", scope["path"])
        gate.cancel()
        return
    left.cancel()
    await send({"type": "http.response.body", "body": b"data: second\n\n", "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def cookies(scope, receive, send):
    """Set whatever cookies (and other headers) the body lists."""
    fields = [(name.encode(), value.encode()) for name, value in json.loads(await read(receive))]
    await answer(send, b"ok", *fields)


async def status(scope, receive, send):
    code = int(parse_qs(scope["query_string"])[b"code"][0])
    await send({"type": "http.response.start", "status": code, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def slow(scope, receive, send):
    await opened()
    await answer(send, b"at last")


async def websocket(scope, receive, send):
    await receive()
    offered = scope["subprotocols"]
    if scope["path"] == "/refused":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "websocket.accept", "subprotocol": offered[-1] if offered else None})
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]]
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            note("closed", message.get("code"))
            return
        if message.get("text") == "headers":
            await send({"type": "websocket.send", "text": json.dumps(headers)})
        elif message.get("bytes") is not None:
            await send({"type": "websocket.send", "bytes": message["bytes"][::-1]})
        else:
            await send({"type": "websocket.send", "text": message["text"].upper()})


async def gated(scope, receive, send):
    """Note that the request has come, and answer once the gate is open."""
    note("gate", scope["raw_path"].decode())
    await opened()
    await answer(send, b"open")


async def disconnected(receive):
    while (await receive())["type"] != "http.disconnect":
        pass


async def opened():
    gate = Path(os.environ["GATE"])
    while not gate.exists():
        await asyncio.sleep(0.01)


def note(event, detail):
    with Path(os.environ["NOTES"]).open("a") as file:
        file.write(json.dumps([event, detail]) + "\n")


ROUTES = {
    "/count": count,
    "/duplex": duplex,
    "/big": big,
    "/events": events,
    "/gate": gated,
    "/cookies": cookies,
    "/status": status,
    "/slow": slow,
}
