"""A real platform for tests: `hothouse up` as a process, in a folder and on a port of its own."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx2
from tests.support.ports import free_port

ADMIN = {"email": "ada@example.org", "password": "correct horse battery"}
START_SECONDS = 60


def clean_environment(**more: str) -> dict[str, str]:
    """Return this process's environment without any setting of ours, and with `more`."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HOTHOUSE_")} | more


def wait_until(condition: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """Ask until the condition holds and return what it gave; fails with `what` after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)
    return result


class UpProcess:
    """Starts `hothouse up` and knows how to talk to it; use as a context manager."""

    def __init__(self, home: Path, *arguments: str, port: int | None = None, **settings: str) -> None:
        self.home = home
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.output = ""
        self.arguments = arguments
        external = os.environ.get("HOTHOUSE_TEST_MONGODB_URI")
        own = {"HOTHOUSE_HOME": str(home), "HOTHOUSE_PORT": str(self.port)} | settings
        if external:
            own.setdefault("HOTHOUSE_MONGODB_URI", external)
            own.setdefault(
                "HOTHOUSE_MONGODB_DATABASE", re.sub(r"\W", "_", f"test_{home.parent.name}_{home.name}")[-60:]
            )
        self.environment = clean_environment(**own)
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def spawn(self) -> None:
        """Start the process without waiting for anything."""
        command = [sys.executable, "-m", "hothouse.cli", "up", *self.arguments]
        self.process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def start(self) -> None:
        """Start and return when the platform says that it is ready."""
        self.output = ""
        self.spawn()
        self.wait_for_output("Press Ctrl-C", START_SECONDS)

    def wait_for_output(self, text: str, seconds: float = 30) -> str:
        """Read what the process prints until `text` is in it."""
        assert self.process is not None
        assert self.process.stdout is not None
        deadline = time.monotonic() + seconds
        while text not in self.output:
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} was not printed within {seconds} s:\n{self.output}"
            if select.select([self.process.stdout], [], [], left)[0]:
                data = os.read(self.process.stdout.fileno(), 65536)
                self.output += data.decode()
                assert data or text in self.output, f"ended before it printed {text!r}:\n{self.output}"
        return self.output

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 15) -> int:
        """Send a signal and return the exit code; harmless when it has ended already."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=seconds)
        self.output += rest.decode()
        return self.process.returncode

    @property
    def parts(self) -> dict[str, int]:
        """The pid of each part, as recorded by the supervisor."""
        record = json.loads((self.home / "run.json").read_text())
        return {name: entry["pid"] for name, entry in record["parts"].items()}

    @property
    def setup_code(self) -> str | None:
        found = re.search(r"/set-up\?code=(\S+)", self.output)
        return found[1] if found else None

    def is_ready(self) -> bool:
        """Tell whether every part works, as the platform itself sees it."""
        try:
            return httpx2.get(f"{self.url}/health/ready", timeout=5, trust_env=False).status_code == 200
        except httpx2.TransportError:
            return False

    def sign_in(self) -> httpx2.Client:
        """Set up the first account if need be, and return a client with an API token of it."""
        with httpx2.Client(base_url=self.url, timeout=30, trust_env=False) as browser:
            if self.setup_code:
                account = {"code": self.setup_code, "name": "Ada", **ADMIN}
                browser.post("/api/v1/setup", json=account).raise_for_status()
            else:
                browser.post("/api/v1/auth/login", json=ADMIN).raise_for_status()
            made = browser.post("/api/v1/tokens", json={"name": "tests"})
            made.raise_for_status()
        token = made.json()["token"]
        return httpx2.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )


def run_cli(*arguments: str, seconds: float = 60, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `hothouse` with only these settings and nobody to ask."""
    return subprocess.run(
        [sys.executable, "-m", "hothouse.cli", *arguments],
        env=clean_environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
