"""One process of a part: started in a session of its own, tied to the supervisor's life, its output collected."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from hothouse.supervisor.logs import PartLog

TETHER = Path(__file__).with_name("tether.py")


class Child:
    """A started process; make one with `Child.spawn`."""

    def __init__(
        self, process: subprocess.Popen[bytes], exited: asyncio.Future[int], output: asyncio.Task[None]
    ) -> None:
        self.pid = process.pid
        self.started_at = time.monotonic()
        self._process = process
        self._exited = exited
        self._output = output

    @classmethod
    async def spawn(
        cls, argv: Sequence[str], env: Mapping[str, str], log: PartLog, orphan_signal: signal.Signals = signal.SIGKILL
    ) -> "Child":
        """Start `argv`; its standard output and error go to `log`, `orphan_signal` to it when this process dies.

        Raises: OSError when the process cannot be started at all.
        """
        reading, writing = os.pipe()
        command = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(int(orphan_signal)), *argv]
        try:
            process = subprocess.Popen(  # noqa: ASYNC220 - asyncio's own waits for the pipes too, which grandchildren may hold
                command, env=dict(env), stdin=subprocess.DEVNULL, stdout=writing, stderr=writing, start_new_session=True
            )
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        return cls(process, _exit_of(process), asyncio.create_task(_collect(reading, log)))

    async def wait(self) -> int:
        """Return the exit code (negative: the signal) once the process has ended and its last output is in the log."""
        code = await asyncio.shield(self._exited)
        # A grandchild that kept the pipe open must not keep us waiting.
        await asyncio.wait({self._output}, timeout=0.5)
        self._output.cancel()
        return code

    @property
    def is_running(self) -> bool:
        return not self._exited.done()

    @property
    def lifetime(self) -> float:
        return time.monotonic() - self.started_at

    def terminate(self) -> None:
        """Ask the process to end."""
        if self.is_running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End the process and whatever it started in its session, at once."""
        if self.is_running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)


def _exit_of(process: subprocess.Popen[bytes]) -> asyncio.Future[int]:
    loop = asyncio.get_running_loop()
    exited: asyncio.Future[int] = loop.create_future()

    def settle(code: int) -> None:
        if not exited.done():
            exited.set_result(code)

    def watch() -> None:
        code = process.wait()
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody asks any more
            loop.call_soon_threadsafe(settle, code)

    threading.Thread(target=watch, name=f"wait-{process.pid}", daemon=True).start()
    return exited


async def _collect(reading: int, log: PartLog) -> None:
    loop = asyncio.get_running_loop()
    stream = asyncio.StreamReader()
    pipe = open(reading, "rb", 0)  # noqa: SIM115 - the transport closes it
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), pipe)
    try:
        while data := await stream.read(65536):
            log.feed(data)
    finally:
        transport.close()


def describe_exit(code: int) -> str:
    """Say in words how a process ended."""
    if code >= 0:
        return f"exited with code {code}"
    try:
        return f"killed by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"killed by signal {-code}"
