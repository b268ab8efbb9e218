"""A spare that becomes an app: a real process, told by real pipes, that answers on a real socket."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

APP = """
import os, sys
from hothouse_sdk import Experiment

open("ran", "a").write("x")
app = Experiment()

@app.get("/told")
async def told() -> dict[str, object]:
    return {
        "secret": os.environ.get("SECRET"),
        "path": os.environ["PATH"],
        "place": sys.path[:2],
        "started_as": sys.orig_argv[2],
    }
"""
DEADLINE_SECONDS = 30


@dataclass
class Waiting:
    """A spare, seen by who keeps it."""

    process: subprocess.Popen[bytes]
    folder: Path
    env: dict[str, str]
    go: int

    def tell(self, **more: str) -> None:
        text = json.dumps(self.env | more).encode()
        os.write(self.go, len(text).to_bytes(8, "big") + text)

    def ask(self, path: str) -> dict[str, object]:
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(DEADLINE_SECONDS)
            asking.connect(str(self.folder / "door"))
            asking.sendall(f"GET {path} HTTP/1.1\r\nHost: app\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while more := asking.recv(65536):
                answer += more
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"200 OK" in head, answer
        found: dict[str, object] = json.loads(body)
        return found

    @property
    def has_run(self) -> bool:
        return (self.folder / "ran").exists()


Start = Callable[..., Waiting]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a spare of the app in a folder, and returns once it waits."""
    processes, ends = [], []

    def make(**files: str) -> Waiting:
        for name, text in {"main": APP, **files}.items():
            (tmp_path / f"{name}.py").write_text(text)
        door = socket.socket(socket.AF_UNIX)
        door.bind(str(tmp_path / "door"))
        door.listen()
        (told, go), (said, waiting) = os.pipe(), os.pipe()
        inner = (door.fileno(), told, waiting)

        def wire() -> None:
            high = [os.dup2(fd, 40 + number) for number, fd in enumerate(inner)]
            for number, fd in enumerate(high, 3):
                os.dup2(fd, number)

        env = {"PATH": os.defpath, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
        argv = [sys.executable, "-m", "hothouse_sdk.spare", "main:app", "--fd", "3"]
        process = subprocess.Popen(argv, cwd=tmp_path, env=env, pass_fds=(3, 4, 5), preexec_fn=wire)
        processes.append(process)
        for fd in (told, waiting):
            os.close(fd)
        door.close()
        ends.extend([go, said])
        assert os.read(said, 1) == b"1", "it ended before it waited"
        return Waiting(process, tmp_path, env, go)

    yield make
    for process in processes:
        process.kill()
        process.wait()
    for fd in ends:
        os.close(fd)


class TestSpare:
    def test_becomes_the_app_with_what_it_is_told(self, start: Start, tmp_path: Path) -> None:
        spare = start()
        assert not spare.has_run, "nothing of the app's own runs before it goes"
        spare.tell(SECRET="hush")
        answer = spare.ask("/told")
        assert answer["secret"] == "hush"
        assert answer["place"] == [str(tmp_path)] * 2, "as for an ordinary start"
        assert answer["started_as"] == "hothouse_sdk.spare"

    def test_module_of_the_app_that_stands_before_one_in_use(self, start: Start) -> None:
        spare = start()
        (spare.folder / "fastapi.py").write_text("raise RuntimeError('the own one')")
        spare.tell()
        assert spare.process.wait(DEADLINE_SECONDS) == 1, "what an ordinary start leads to"

    def test_variable_that_counts_at_the_start_of_python(self, start: Start) -> None:
        spare = start()
        spare.tell(PYTHONUTF8="1")
        assert spare.ask("/told")["started_as"] == "hothouse_sdk.run"

    def test_variable_that_is_another_than_foreseen(self, start: Start) -> None:
        spare = start()
        spare.tell(PATH="/elsewhere")
        answer = spare.ask("/told")
        assert (answer["path"], answer["started_as"]) == ("/elsewhere", "hothouse_sdk.run")

    def test_ends_with_who_keeps_it(self, start: Start) -> None:
        spare = start()
        os.dup2(null := os.open(os.devnull, os.O_WRONLY), spare.go)  # which closes the pipe
        os.close(null)
        assert spare.process.wait(DEADLINE_SECONDS) == 0
        assert not spare.has_run

    def test_of_an_app_that_cannot_be_imported(self, start: Start) -> None:
        spare = start(main="import nothing_of_this_name\n")
        spare.tell()
        assert spare.process.wait(DEADLINE_SECONDS) == 1
