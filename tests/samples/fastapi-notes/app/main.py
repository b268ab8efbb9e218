from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Form, HTTPException, Request, WebSocket
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from .db import connect, init_db

BASE = Path(__file__).parent


@asynccontextmanager
async def lifespan(app: FastAPI):
    init_db()
    yield


app = FastAPI(title="FastAPI Notes", lifespan=lifespan)
app.mount("/static", StaticFiles(directory=BASE / "static"), name="static")
templates = Jinja2Templates(directory=BASE / "templates")


@app.get("/", response_class=HTMLResponse)
async def index(request: Request):
    with connect() as db:
        notes = db.execute("SELECT * FROM notes ORDER BY id DESC").fetchall()
    return templates.TemplateResponse(request, "index.html", {"notes": notes})


@app.post("/notes")
async def create(title: str = Form(), body: str = Form("")):
    with connect() as db:
        db.execute("INSERT INTO notes (title, body) VALUES (?, ?)", (title, body))
    return RedirectResponse("/", status_code=303)


@app.get("/api/notes/{note_id}")
async def read(note_id: int):
    with connect() as db:
        note = db.execute("SELECT * FROM notes WHERE id = ?", (note_id,)).fetchone()
    if note is None:
        raise HTTPException(404, "No such note")
    return dict(note)


@app.websocket("/ws")
async def echo(websocket: WebSocket):
    await websocket.accept(subprotocol=next(iter(websocket.scope["subprotocols"]), None))
    async for message in websocket.iter_text():
        await websocket.send_text(f"echo: {message}")
