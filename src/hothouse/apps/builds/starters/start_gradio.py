"""Run a Gradio file with the address it has to listen on: `start_gradio.py FILE HOST PORT`.

Files often fix an address of their own or ask for a public tunnel in `launch()`; behind the gateway neither works.
Runs inside the app's environment, where of Hothouse nothing but this file is installed.
"""

import importlib
import os
import runpy
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    path, host, port = sys.argv[1:4]
    sys.argv[:] = [path]
    sys.path[0] = str(Path.cwd())
    os.environ |= {"GRADIO_SERVER_NAME": host, "GRADIO_SERVER_PORT": port}
    gradio = importlib.import_module("gradio")
    launch = gradio.Blocks.launch
    is_launched = []

    def launch_here(self: Any, *arguments: Any, **options: Any) -> Any:
        is_launched.append(True)
        options.update(server_name=host, server_port=int(port), share=False, inbrowser=False)
        return launch(self, *arguments, **options)

    gradio.Blocks.launch = launch_here
    names = runpy.run_path(path, run_name="__main__")
    if not is_launched:
        found = [value for value in names.values() if isinstance(value, gradio.Blocks)]
        if not found:
            raise SystemExit(f"error: {path} makes no Gradio interface and launches none")
        found[-1].launch()


if __name__ == "__main__":
    main()
