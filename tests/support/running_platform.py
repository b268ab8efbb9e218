"""The whole platform as a person runs it: `hothouse up` in a folder of its own, on a port of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from tests.support.ports import free_port

from hothouse.database.embedded import EmbeddedMongo

HOTHOUSE = Path(sys.executable).with_name("hothouse")
START_SECONDS = 60
STOP_SECONDS = 10.5
ADMIN = {"email": "ada@example.org", "password": "correct horse battery"}


class Platform:
    """One installation. `start` and `stop` may be called again and again on the same data."""

    def __init__(
        self,
        home: Path,
        *,
        examples: Path | None = None,
        admin: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home
        self.port = free_port()
        self.output = ""
        self._examples = examples
        self._process: subprocess.Popen[str] | None = None
        self._env = {key: value for key, value in os.environ.items() if not key.startswith("HOTHOUSE_")}
        self._env |= {"HOTHOUSE_HOME": str(home), "HOTHOUSE_PORT": str(self.port)}
        if admin:
            self._env |= {"HOTHOUSE_ADMIN_EMAIL": ADMIN["email"], "HOTHOUSE_ADMIN_PASSWORD": ADMIN["password"]}
        self._env |= settings or {}

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def app_url(self, slug: str) -> str:
        return f"http://{slug}.apps.localhost:{self.port}"

    def start(self, *options: str) -> None:
        """Start and return once the platform says that it is up."""
        arguments = [str(HOTHOUSE), "up", *options]
        if self._examples:
            arguments += ["--examples", str(self._examples)]
        self.log_path = self.home.with_suffix(".log")
        log = self.log_path.open("w")
        self._process = subprocess.Popen(
            arguments, env=self._env, stdout=log, stderr=subprocess.STDOUT, text=True, cwd=self.home.parent
        )
        log.close()
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            assert self._process.poll() is None, f"`hothouse up` ended: {self.log_path.read_text()}"
            assert time.monotonic() < deadline, f"not ready: {self.log_path.read_text()}"
            time.sleep(0.1)

    def is_ready(self) -> bool:
        try:
            with self.client() as client:
                return client.get("/health/ready", timeout=3).status_code == 200
        except httpx2.HTTPError:
            return False

    def setup_link(self) -> str:
        """Return the single-use link from the terminal."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if found := re.search(r"http://\S+/set-up\?code=\S+", self.log_path.read_text()):
                return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no set-up link in: {self.log_path.read_text()}")

    def stop(self) -> float:
        """Press Ctrl-C and return how many seconds the stop took."""
        assert self._process is not None
        started = time.monotonic()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(STOP_SECONDS)
        return time.monotonic() - started

    def close(self) -> None:
        """End whatever is left."""
        if self._process is not None and self._process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def kill(self) -> None:
        """End the supervisor as a power cut does; its parts end with it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def supervisor(self) -> int:
        """Return the process that looks after all parts."""
        return int(json.loads((self.home / "run.json").read_text())["supervisor"])

    def pid_of(self, part: str) -> int:
        """Return the process of a part."""
        parts: dict[str, Any] = json.loads((self.home / "run.json").read_text())["parts"]
        return int(parts[part]["pid"])

    def client(self, **options: Any) -> httpx2.Client:
        """Make a client for the main origin."""
        return httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Host": f"localhost:{self.port}"}, **options
        )

    def database_uri(self) -> str:
        """Return where the platform's own MongoDB is reached, to put more into it than anybody would type."""
        port = json.loads((self.home / "ports.json").read_text())["mongodb"]
        return EmbeddedMongo(self.home / "database", self.home / "keys", port).uri

    def token(self) -> str:
        """Sign in as the admin and make an API token."""
        with self.client(timeout=30) as client:
            assert client.post("/api/v1/auth/login", json=ADMIN).status_code == 200
            token: str = client.post("/api/v1/tokens", json={"name": "tests"}).json()["token"]
            return token

    def app_client(self, slug: str, token: str | None = None) -> httpx2.Client:
        """Make a client for an app's own origin."""
        headers = {"Host": f"{slug}.apps.localhost:{self.port}"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30)

    def wait_for_app(self, slug: str, token: str, seconds: float = 170) -> None:
        """Return once an app runs."""
        deadline = time.monotonic() + seconds
        with self.client() as client:
            while True:
                app = client.get(f"/api/v1/apps/{slug}", headers={"Authorization": f"Bearer {token}"}).json()
                if app.get("state") == "running":
                    return
                assert time.monotonic() < deadline, f"{slug} does not run: {app}"
                time.sleep(0.2)

    def cli(
        self, *arguments: str, token: str | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a `hothouse` command against this platform."""
        env = {**self._env, "HOTHOUSE_URL": self.url}
        if token:
            env["HOTHOUSE_TOKEN"] = token
        return subprocess.run(
            [str(HOTHOUSE), *arguments], env=env, cwd=cwd, capture_output=True, text=True, timeout=180, check=False
        )
