"""Real builds: the local launcher with the best isolation this machine has, uv, and a wheel of our SDK."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from hothouse.apps.builds import Builder, BuildOptions, BuildRequest
from hothouse.apps.manifests import parse
from hothouse.launch.backends.local import LocalLauncher
from hothouse.launch.preflight import detect

SDK_SOURCE = Path(__file__).parents[3] / "packages" / "sdk"
UID, SOURCE_UID = 209_998, 209_999


def uv_build(kind, source, target):
    """Build a wheel or sdist with the build backend that is installed here, so that no index is asked."""
    command = [
        find_uv_bin(),
        "build",
        f"--{kind}",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "-o",
        target,
        source,
    ]
    subprocess.run(command, check=True, capture_output=True)


# A build backend without dependencies. `build_sdist` is for the test itself; the rest runs inside the sandbox.
SDIST_BACKEND = """
import pathlib, tarfile, zipfile

def build_sdist(folder, settings=None):
    text = pathlib.Path("pyproject.toml").read_text()
    name = text.split('name = "')[1].split('"')[0]
    root = f"{name.replace('-', '_')}-1.0"
    info = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n"
    pathlib.Path("PKG-INFO").write_text(info)
    with tarfile.open(pathlib.Path(folder) / f"{root}.tar.gz", "w:gz") as archive:
        for path in ("PKG-INFO", "pyproject.toml", "backend.py"):
            archive.add(path, f"{root}/{path}")
    return f"{root}.tar.gz"

def build_wheel(folder, settings=None, metadata=None):
    text = pathlib.Path("pyproject.toml").read_text()
    name = text.split('name = "')[1].split('"')[0].replace("-", "_")
    with zipfile.ZipFile(pathlib.Path(folder) / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "made = 'from source'\\n")
        info = f"{name}-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return f"{name}-1.0-py3-none-any.whl"
"""


@pytest.fixture(scope="session")
def sdist_backend():
    """Source of a build backend that needs nothing installed."""
    return SDIST_BACKEND


@pytest.fixture(scope="session")
def sdk_wheel(tmp_path_factory):
    """A wheel of the SDK as this checkout has it."""
    folder = tmp_path_factory.mktemp("sdk")
    copy = shutil.copytree(SDK_SOURCE, folder / "source", ignore=shutil.ignore_patterns("dist", "__pycache__"))
    uv_build("wheel", copy, folder / "dist")
    return next((folder / "dist").glob("*.whl"))


@pytest.fixture(scope="session")
def isolation():
    return detect()


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory):
    """A home whose cache the tests of a run share, so that packages are fetched once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def make_package(tmp_path):
    """Make a small distribution; gives the folder to point `--find-links` at."""
    links = tmp_path / "links"

    def make(name, version="1.0", kind="wheel", code="", requires=(), build_code=""):
        source = tmp_path / f"{name}-{version}-{kind}"
        (source / name.replace("-", "_")).mkdir(parents=True)
        (source / name.replace("-", "_") / "__init__.py").write_text(code or f"version = {version!r}\n")
        (source / "pyproject.toml").write_text(
            f'[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = {list(requires)!r}\n'
            if build_code
            else f'[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
            f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = {list(requires)!r}\n'
        )
        if build_code:
            (source / "backend.py").write_text(build_code)
        uv_build(kind, source, links)
        return links

    return make


@pytest.fixture
def source(tmp_path):
    """Write the files of an app; gives its folder."""

    def write(files, name="source"):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        return folder

    return write


@pytest.fixture
def make_builder(isolation, sdk_wheel):
    """Make a builder on a home, as a worker process does."""

    def make(home, **options):
        users = {"uid": UID, "source_uid": SOURCE_UID} if os.getuid() == 0 else {}
        launcher = LocalLauncher(home / "builds", isolation)
        return Builder(home, launcher, BuildOptions(**{"sdk_wheel": sdk_wheel} | users | options))

    return make


@pytest.fixture
def request_for(source):
    """Describe a build of a source."""

    def make(build_id, files=None, *, app_id="app1", lock=None, folder=None, node_packages=(), **fields):
        data = {"schema_version": "1", "slug": "x", "name": "X", "kind": "command", "entry": ["python"]} | fields
        where = folder or source(files or {"main.py": ""}, build_id)
        return BuildRequest(
            build_id=build_id,
            app_id=app_id,
            source=where,
            manifest=parse(data),
            lock=lock,
            node_packages=node_packages,
        )

    return make


@pytest.fixture
def run_python():
    """Run code in a built environment; gives what it prints."""

    def run(environment, code):
        command = [str(environment / "bin/python"), "-I", "-c", code]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    return run
