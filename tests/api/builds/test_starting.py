"""Kinds started for real: a source without a manifest is proposed one, built, started by its command, and answers."""

import asyncio
import os
import shutil
import socket
import tempfile
from pathlib import Path

import httpx2
import pytest
from tests.support.ports import free_port

from hothouse.apps.builds import BuildRequest, argv, extra_env
from hothouse.apps.builds.kinds import KINDS, SOCKET_FD
from hothouse.apps.manifests import SourceTree, parse, read_source

FASTAPI = (
    "from fastapi import FastAPI\nimport helper\ndef create_app():\n    app = FastAPI()\n    app.get('/')(helper.say)\n"
)
SOURCES = {
    "asgi": {"web/main.py": f"{FASTAPI}    return app\n", "helper.py": "def say():\n    return 'it answers'\n"},
    "wsgi": {"app.py": "import flask\napp = flask.Flask('x')\n@app.get('/')\ndef say():\n    return 'it answers'\n"},
    "static": {"public/index.html": "<p>it answers</p>"},
    "dash": {
        "app.py": "import dash\napp = dash.Dash(title='it answers')\napp.layout = dash.html.P()\n"
        "if __name__ == '__main__':\n    app.run(debug=True, port=1)\n"
    },
    "experiment": {
        "main.py": "from hothouse_sdk import Experiment\napp = Experiment()\napp.get('/')(lambda: 'it answers')\n",
        "manifest.json": '{"schema_version": "1", "slug": "e", "name": "E", "kind": "experiment", "entry": "main:app"}',
    },
}
FAKE_GRADIO = """
import os
class Blocks:
    def launch(self, **options):
        print(sorted(options.items()), os.environ["GRADIO_SERVER_PORT"])
"""


def ask(endpoint):
    transport = httpx2.HTTPTransport(uds=endpoint) if endpoint.startswith("/") else None
    with httpx2.Client(transport=transport, timeout=10) as client:
        return client.get("http://127.0.0.1/" if transport else endpoint).text


async def answer_of(process, endpoint):
    async with asyncio.timeout(60):
        while True:
            assert process.returncode is None, "the app ended"
            try:
                return await asyncio.to_thread(ask, endpoint)
            except httpx2.TransportError:
                await asyncio.wait([asyncio.create_task(process.wait())], timeout=0.05)


@pytest.fixture
def door():
    """A listening socket, as launchers make for what takes one."""
    folder = Path(tempfile.mkdtemp())  # a short path, as sockets want
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "door"))
        door.listen()
        yield door
    shutil.rmtree(folder)


class TestStart:
    @pytest.mark.parametrize("kind", SOURCES)
    async def test_answers(self, make_builder, shared_home, source, door, kind):
        folder = source(SOURCES[kind])
        proposal = read_source(SourceTree(folder, "x"))
        manifest = parse(proposal.manifest)
        assert (manifest.kind, proposal.problems) == (kind, ())
        request = BuildRequest(build_id=f"start-{kind}", app_id="x", source=folder, manifest=manifest)
        result = await make_builder(shared_home).build(request, print)
        port = free_port()
        command = argv(manifest, result.env_path, port, "127.0.0.1", public_url="http://x.apps.localhost:8000")
        env = {"PATH": os.environ["PATH"], "HOME": str(folder)} | extra_env(manifest, folder)
        takes_socket = KINDS[kind].takes_socket
        given = (
            {"pass_fds": [SOCKET_FD], "preexec_fn": lambda: os.dup2(door.fileno(), SOCKET_FD)} if takes_socket else {}
        )
        process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=env, **given)
        try:
            endpoint = door.getsockname() if takes_socket else f"http://127.0.0.1:{port}/"
            assert "it answers" in await answer_of(process, endpoint)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


class TestGradio:
    @pytest.mark.parametrize(
        "code", ["demo.launch(server_port=7860, share=True)", "if __name__ == 'x':\n    demo.launch()"]
    )
    async def test_listens_where_it_has_to(self, make_builder, tmp_path, source, make_package, monkeypatch, code):
        monkeypatch.setenv("UV_OFFLINE", "1")
        monkeypatch.setenv("UV_FIND_LINKS", str(make_package("gradio", "99.0", code=FAKE_GRADIO)))
        folder = source({"sub/app.py": f"import gradio, helper\ndemo = gradio.Blocks()\n{code}\n", "helper.py": ""})
        data = {"schema_version": "1", "slug": "x", "name": "X", "kind": "gradio", "entry": "sub/app.py"}
        manifest = parse(data)
        request = BuildRequest(build_id="g1", app_id="x", source=folder, manifest=manifest)
        result = await make_builder(tmp_path / "home").build(request, print)
        command = argv(manifest, result.env_path, 4321, "127.0.0.1")
        process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=asyncio.subprocess.PIPE)
        said = (await process.communicate())[0].decode()
        assert "('server_name', '127.0.0.1'), ('server_port', 4321), ('share', False)] 4321" in said
