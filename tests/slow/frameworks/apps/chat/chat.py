from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route, WebSocketRoute

PAGE = """<!doctype html><html lang="en"><title>Chat</title><h1>Chat</h1><ul id="said"></ul>
<form><label>Say <input id="words" autocomplete="off"></label> <button>Send</button></form>
<script>
const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
socket.onmessage = (event) => {
  const line = document.createElement("li");
  line.textContent = event.data;
  document.getElementById("said").append(line);
};
document.forms[0].onsubmit = (event) => {
  event.preventDefault();
  socket.send(document.getElementById("words").value);
  document.forms[0].reset();
};
</script>"""
people = set()


async def page(request):
    return HTMLResponse(PAGE)


async def tell(words):
    for one in list(people):
        await one.send_text(words)


async def talk(socket):
    await socket.accept()
    people.add(socket)
    await tell(f"{len(people)} here")
    try:
        async for words in socket.iter_text():
            await tell(words)
    finally:
        people.discard(socket)


app = Starlette(routes=[Route("/", page), WebSocketRoute("/ws", talk)])
