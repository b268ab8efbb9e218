"""JupyterHub with configurable-http-proxy, installed beside the benchmarks and asked as we are."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psutil
from uv import find_uv_bin

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".cache" / "bench-jupyterhub"
TOKEN = "a-token-that-only-this-run-has"
CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.Spawner.args = ["--allow-root"]
c.Spawner.http_timeout = c.Spawner.start_timeout = 300
c.JupyterHub.concurrent_spawn_limit = 4
c.JupyterHub.services = [{{"name": "bench", "api_token": "{token}"}}]
c.JupyterHub.load_roles = [{{"name": "bench", "services": ["bench"], "scopes": [
    "admin:users", "admin:servers", "access:servers"]}}]
"""


def install() -> Path:
    """Install JupyterHub, JupyterLab and the proxy, unless they are there; return the folder of programs."""
    programs = PLACE / "bin"
    if not (programs / "jupyterhub").exists():
        uv = find_uv_bin()
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, PLACE], check=True)
        install = [uv, "pip", "install", "-q", "--python", programs / "python", "jupyterhub", "jupyterlab"]
        subprocess.run(install, check=True)
    if not (PLACE / "node_modules").exists():
        npm = shutil.which("npm") or str(Path(sys.executable).parent / "npm")
        subprocess.run([npm, "install", "--silent", "--prefix", PLACE, "configurable-http-proxy"], check=True)
    return programs


class Peer:
    """A running JupyterHub."""

    def __init__(self, port: int) -> None:
        headers = {"Authorization": f"token {TOKEN}"}
        self.client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60, trust_env=False)

    def add(self, user: str) -> None:
        self.client.post(f"/hub/api/users/{user}")

    def start(self, user: str) -> None:
        answer = self.client.post(f"/hub/api/users/{user}/server")
        assert answer.status_code in (201, 202), answer.text

    def stop(self, user: str) -> None:
        self.client.delete(f"/hub/api/users/{user}/server")

    def ask(self, user: str) -> httpx2.Response:
        return self.client.get(f"/user/{user}/api/status")


@contextmanager
def running(folder: Path, ports: list[int]) -> Iterator[Peer]:
    """Run JupyterHub until the end of the block."""
    programs, (port, hub_port, api_port) = install(), ports
    config = folder / "jupyterhub_config.py"
    config.write_text(CONFIG.format(port=port, hub_port=hub_port, api_port=api_port, token=TOKEN))
    path = f"{programs}:{PLACE / 'node_modules' / '.bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(folder)}
    with (folder / "jupyterhub.log").open("w") as log:
        process = subprocess.Popen(
            [programs / "jupyterhub", "-f", config], cwd=folder, env=environment, stdout=log, stderr=log
        )
        try:
            yield Peer(port)
        finally:
            started = psutil.Process(process.pid).children(recursive=True)
            process.terminate()
            process.wait()
            for left in started:  # it ends the `node` of its proxy, which is a wrapper with a child of its own
                with contextlib.suppress(psutil.NoSuchProcess):
                    left.kill()
