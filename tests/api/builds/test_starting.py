"""Kinds started for real: a source without a manifest is proposed one, built, started by its command, and answers."""

import asyncio
import os
import socket
import urllib.request

import pytest

from hothouse.apps.builds import BuildRequest, argv, extra_env
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


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
        return response.read().decode()


async def answer_of(process, port):
    async with asyncio.timeout(60):
        while True:
            assert process.returncode is None, "the app ended"
            try:
                return await asyncio.to_thread(ask, port)
            except OSError:
                await asyncio.wait([asyncio.create_task(process.wait())], timeout=0.05)


class TestStart:
    @pytest.mark.parametrize("kind", SOURCES)
    async def test_answers(self, make_builder, shared_home, source, kind):
        folder = source(SOURCES[kind])
        proposal = read_source(SourceTree(folder, "x"))
        manifest = parse(proposal.manifest)
        assert (manifest.kind, proposal.problems) == (kind, ())
        request = BuildRequest(build_id=f"start-{kind}", app_id="x", source=folder, manifest=manifest)
        result = await make_builder(shared_home).build(request, print)
        port = free_port()
        command = argv(manifest, result.env_path, port, "127.0.0.1", public_url="http://x.apps.localhost:8000")
        env = {"PATH": os.environ["PATH"], "HOME": str(folder)} | extra_env(manifest, folder)
        process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=env)
        try:
            assert "it answers" in await answer_of(process, port)
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
