"""Turn a workload's spec into the plan its keeper carries out with podman."""

import hashlib
import json
import os
import tempfile
from pathlib import Path

from hothouse.launch.backends.local import bubblewrap, cgroups, plans
from hothouse.launch.backends.local.cgroups import Hierarchy
from hothouse.launch.backends.local.keeper.container import GO, SAID
from hothouse.launch.backends.local.keeper.plan import ContainerPlan, Plan
from hothouse.launch.errors import InvalidSpecError
from hothouse.launch.interfaces import Isolation, WorkloadSpec

from . import filtering
from .command import ENVIRONMENT, FILTER, HOOKS, command, environment_file
from .tool import Podman, find_podman

HOOK_SECONDS = 60


def make_plan(spec: WorkloadSpec, folder: Path, isolation: Isolation, hierarchy: Hierarchy | None) -> Plan:
    """Decide everything about how a workload runs in its image.

    Raises:
        InvalidSpecError: the spec cannot be carried out as it is.
    """
    check_image(spec)
    podman = find_podman()
    plan = plans.base_plan(spec, folder, isolation, hierarchy)
    name = cgroups.group_name(folder.parent, spec.workload_id)
    is_private = plan["network"] is not None and plan["network"]["is_private"]
    given = {**(bubblewrap.NAME_LOOKUP if is_private else {}), **spec.files}
    names = {place: f"file-{number}" for number, place in enumerate(given)}
    container = _container(spec, podman, folder, name, hierarchy)
    container["memory"] = {names[place]: text for place, text in given.items()}
    container["memory"][ENVIRONMENT] = environment_file(spec)
    argv = command(
        spec,
        podman,
        isolation,
        name=name,
        folder=folder,
        memory=Path(container["memory_folder"]),
        shown=names,
        parent=_parent(hierarchy, name),
        is_private=is_private,
    )
    plan |= {
        "argv": argv,
        "env": podman.env,
        "cwd": "/",
        "uid": None,
        "rlimits": {"RLIMIT_NOFILE": plans.OPEN_FILES},
        "container": container,
    }
    kept = {key: container[key] for key in ("remove", "env", "memory_folder", "groups")}
    plan["record"] |= {"container": kept, "image": spec.image}
    plans.hand_over(spec)
    return plan


def check_image(spec: WorkloadSpec) -> None:
    """See that a spec names an image. Raises: InvalidSpecError."""
    if not spec.image:
        raise InvalidSpecError(f"workload {spec.workload_id} names no image, and podman runs nothing else")
    if spec.image.startswith("-") or any(letter.isspace() for letter in spec.image):
        raise InvalidSpecError(f"workload {spec.workload_id}: {spec.image!r} is no name of an image")


def _container(
    spec: WorkloadSpec, podman: Podman, folder: Path, name: str, hierarchy: Hierarchy | None
) -> ContainerPlan:
    return {
        "files": {FILTER: filtering.profile() if filtering.is_known() else "", f"{HOOKS}/gate.json": _hook(folder)},
        "memory_folder": str(memory_folder(folder.parent, spec.workload_id)),
        "memory": {},
        "joins_groups": hierarchy is not None and hierarchy.version == 1,
        "groups": _runtime_groups(hierarchy, name),
        "program": spec.argv[0],
        "remove": podman.command("rm", "--force", "--ignore", "--volumes", "--time", "0", name),
        "env": podman.env,
    }


def memory_folder(root: Path, workload_id: str) -> Path:
    """Name the folder in memory where a workload's files lie until its container is made."""
    memory = Path("/dev/shm")  # noqa: S108 - closed to others, see keeper/container.py
    owner = hashlib.sha256(str(root).encode()).hexdigest()[:10]
    place = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    return place / f"hothouse-{os.geteuid()}-{owner}-files" / workload_id


def _hook(folder: Path) -> str:
    """Have the runtime wait, before it starts the program, until the keeper lets it go on."""
    words = ["sh", "-c", '{ cat; echo; } > "$1" && read -r go < "$2"', "gate", str(folder / SAID), str(folder / GO)]
    hook = {"path": "/bin/sh", "args": words, "timeout": HOOK_SECONDS}
    return json.dumps({"version": "1.0.0", "hook": hook, "when": {"always": True}, "stages": ["createRuntime"]})


def _parent(hierarchy: Hierarchy | None, name: str) -> str | None:
    """Say below which group the runtime is to make its own, as it names groups: from the root of the hierarchy."""
    found = {str(folder) for folder in _relative(hierarchy)}
    return f"/{found.pop()}/{name}".replace("/./", "/") if len(found) == 1 else None


def _relative(hierarchy: Hierarchy | None) -> list[Path]:
    if hierarchy is None:
        return []
    if hierarchy.version == 2:
        return [folder.relative_to(cgroups.ROOT) for folder in hierarchy.folders.values()]
    return [folder.relative_to(cgroups.ROOT / name) for name, folder in hierarchy.folders.items()]


def _runtime_groups(hierarchy: Hierarchy | None, name: str) -> list[str]:
    """List what the runtime makes in all controllers, also those that set no limits here."""
    parent = _parent(hierarchy, name)
    if hierarchy is None or parent is None:
        return []
    if hierarchy.version == 2:
        return [str(cgroups.ROOT / parent.lstrip("/"))]
    return [str(mount / parent.lstrip("/")) for mount in sorted(cgroups.ROOT.iterdir()) if mount.is_dir()]
