import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

TETHER = Path(__file__).parents[3] / "src" / "hothouse" / "supervisor" / "tether.py"
PARENT = (
    "import os, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-I', '-S', sys.argv[1], str(os.getpid()), '15', 'sleep', '60'])\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)\n"
)


class TestTether:
    async def test_the_program_ends_when_its_parent_is_killed(self):
        with subprocess.Popen([sys.executable, "-c", PARENT, str(TETHER)], stdout=subprocess.PIPE) as parent:
            pid = int(parent.stdout.readline())
            async with asyncio.timeout(10):
                while Path(f"/proc/{pid}/comm").read_text().strip() != "sleep":
                    await asyncio.sleep(0.02)
            descriptor = os.pidfd_open(pid)
            parent.kill()
        ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(descriptor, ended.set)
        async with asyncio.timeout(10):
            await ended.wait()
        asyncio.get_running_loop().remove_reader(descriptor)
        os.close(descriptor)

    def test_does_not_start_when_the_parent_is_gone_already(self):
        command = [sys.executable, "-I", "-S", str(TETHER), "1", "15", "echo", "here"]

        assert subprocess.run(command, capture_output=True).stdout == b""

    def test_says_what_cannot_be_started(self):
        command = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), "15", "/no/such/program"]

        ended = subprocess.run(command, capture_output=True, text=True)
        assert ended.stderr == "cannot start /no/such/program: No such file or directory\n"

    def test_keeps_the_signals_as_they_are(self):
        script = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
        command = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), "15", sys.executable, "-c", script]

        # Started in the background by a shell, this test run itself may have been told to ignore the signal.
        ended = subprocess.run(
            command,
            capture_output=True,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert ended.stdout == "True\n"
