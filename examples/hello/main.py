"""Hello: a greeting by name, given by an actor that remembers how many it has given."""

from datetime import UTC, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse

from hothouse_sdk import Experiment, OptionalUser, actor

experiment = Experiment()


@actor
class Greeter:
    """Greets people. There is one in the process, and it serves one call at a time, so `given` needs no lock."""

    def __init__(self) -> None:
        self.given = 0
        self.since = datetime.now(UTC)

    def greet(self, name: str) -> dict[str, str | int]:
        self.given += 1
        return {"text": f"Hello, {name}!", "number": self.given, "since": f"{self.since:%H:%M} UTC"}


greeter = Greeter.handle()


@experiment.get("/")
async def index(request: Request, user: OptionalUser) -> HTMLResponse:
    greeting = await greeter.greet(user.name if user else "world")
    return experiment.render("index.html", request, greeting=greeting)


@experiment.get("/api/greetings/{name}")
async def greet(name: str) -> dict[str, str | int]:
    return await greeter.greet(name)
