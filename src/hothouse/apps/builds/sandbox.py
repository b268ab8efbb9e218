"""What a build sees of the machine: its own folders, uv, the index settings of the platform, and nothing else."""

import os
from collections.abc import Mapping
from pathlib import Path

from hothouse.apps.builds.interfaces import BuildOptions
from hothouse.apps.builds.places import Area, Places
from hothouse.apps.builds.python import base_python, uv_program
from hothouse.apps.builds.sdk import WHEELS_VARIABLE
from hothouse.launch.interfaces import Limits, Mount, WorkloadSpec

_PASSED = (
    "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_FIND_LINKS", "UV_OFFLINE",
    "UV_INDEX_STRATEGY", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS", "UV_INSECURE_HOST", "UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "NPM_CONFIG_REGISTRY", "npm_config_registry", "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy",
)  # fmt: skip
_PATHS = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "UV_FIND_LINKS")
_ALWAYS_SHOWN = ("/etc/ssl/certs", "/etc/pki", "/usr")


def index_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Pick where packages come from out of the platform's environment; pip's index serves where uv's is not set."""
    found = {name: environ[name] for name in _PASSED if environ.get(name)}
    if "UV_DEFAULT_INDEX" not in found and "UV_INDEX_URL" not in found and environ.get("PIP_INDEX_URL"):
        found["UV_DEFAULT_INDEX"] = environ["PIP_INDEX_URL"]
    return found


def workload(
    workload_id: str, script: str, *, control: Path, area: Area, staging: Path, places: Places, options: BuildOptions
) -> WorkloadSpec:
    """Describe one step of a build: a shell script of ours in `control`, which may write the area only."""
    settings = index_settings(os.environ)
    uv = uv_program()
    env = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(staging),
        "LANG": "C.UTF-8",
        "TMPDIR": "/tmp",  # noqa: S108 -- private to the sandbox
        "NO_COLOR": "1",
        "UV_CACHE_DIR": str(area.cache),
        "UV_NO_CONFIG": "1",
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV": str(uv),
        "PYTHON": base_python(),
        "CONTROL": str(control),
        "STAGING": str(staging),
        WHEELS_VARIABLE: str(places.wheels),
        **settings,
    }
    shown = [control, places.wheels, uv, *_index_paths(settings)]
    mounts = [Mount(source=path) for path in dict.fromkeys(shown)]
    return WorkloadSpec(
        workload_id=workload_id,
        argv=("/bin/sh", "-eu", str(control / script)),
        env=env,
        cwd=area.root,
        mounts=(*mounts, Mount(source=area.root, writable=True)),
        limits=Limits(memory_bytes=options.memory_bytes, processes=options.processes),
        uid=area.uid,
    )


def _index_paths(settings: Mapping[str, str]) -> list[Path]:
    """Find local files and folders that the index settings point to."""
    words = [word for name in _PATHS if name in settings for word in settings[name].replace(",", " ").split()]
    words += [word for name, value in settings.items() if name not in _PATHS for word in value.split()]
    paths = [Path(word.removeprefix("file://")) for word in words if word.startswith(("/", "file:///"))]
    return [path for path in paths if path.exists() and not str(path).startswith(_ALWAYS_SHOWN)]
