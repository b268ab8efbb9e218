"""What people run has to run in the sandbox, filter of system calls included."""

import sys
from pathlib import Path

import pytest

from hothouse.launch.interfaces import Mount

from .conftest import Lab

VENV = Path(sys.prefix)
PYTHON = """
import asyncio, ctypes, mmap, multiprocessing, os, socket, sqlite3, ssl, subprocess, sys, tempfile, threading
import numpy

def square(number): return number * number

async def child():
    process = await asyncio.create_subprocess_exec("echo", "child", stdout=subprocess.PIPE)
    return (await process.communicate())[0]

if __name__ == "__main__":
    thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
    for method in ("fork", "spawn", "forkserver"):
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(square, [1, 2]) == [1, 4]
    assert asyncio.run(child()) == b"child\\n"
    assert numpy.allclose(numpy.linalg.inv(numpy.eye(200)), numpy.eye(200))
    sqlite3.connect("file.db").execute("create table things (name)")
    mmap.mmap(-1, 4096).close()
    left, right = socket.socketpair(); left.sendall(b"x"); assert right.recv(1) == b"x"
    assert socket.if_nameindex()
    ssl.create_default_context()
    os.posix_fallocate(os.open("big", os.O_RDWR | os.O_CREAT), 0, 4096)
    print("all")
"""
NODE = """
const { Worker, isMainThread, parentPort } = require('worker_threads');
const fs = require('fs'), http = require('http'), { execFileSync } = require('child_process');
const worker = new Worker("require('worker_threads').parentPort.postMessage('worker')", { eval: true });
worker.on('message', async () => {
  fs.writeFileSync('made', 'x');
  await fs.promises.readFile('made');
  execFileSync('true');
  const server = http.createServer((_, answer) => answer.end('served')).listen(0, '127.0.0.1', async () => {
    const said = await fetch(`http://127.0.0.1:${server.address().port}`);
    console.log(await said.text());
    process.exit(0);
  });
});
"""


@pytest.fixture
def shown(sandbox: Lab) -> tuple[Mount, ...]:
    return (Mount(source=sandbox.workspace, writable=True), Mount(source=VENV))


async def test_python_and_numpy(sandbox: Lab, shown: tuple[Mount, ...]) -> None:
    (sandbox.workspace / "program.py").write_text(PYTHON)
    _, lines = await sandbox.run(sandbox.spec("w", str(VENV / "bin" / "python"), "program.py", mounts=shown))
    assert lines == ["thread", "all"]


async def test_node(sandbox: Lab, shown: tuple[Mount, ...]) -> None:
    _, lines = await sandbox.run(sandbox.spec("w", str(VENV / "bin" / "node"), "-e", NODE, mounts=shown))
    assert lines == ["served"]


async def test_old_and_new_ways_to_start_processes(sandbox: Lab) -> None:
    script = "echo one | cat; (echo two) & wait; sh -c 'exec echo three'; timeout 5 echo four; nice echo five"
    _, lines = await sandbox.run(sandbox.shell("w", script))
    assert lines == ["one", "two", "three", "four", "five"]
