"""A machine to attack: what the platform and another workload have on it, and the attack app at each level."""

import asyncio
import ctypes
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.support.images import base_image, containers
from tests.support.ports import free_port

import hothouse
from hothouse.launch import disks
from hothouse.launch.interfaces import Limits, Mount, Network, WorkloadSpec

from . import level
from .app.catalogue import DEFENCES, Targets

IS_ROOT = os.geteuid() == 0
ATTACKER, OTHER, PLAIN = 210_931, 210_932, 210_933
MIB = 2**20
LIMITS = Limits(
    cpu=0.5, memory_bytes=192 * MIB, processes=60, file_bytes=4 * MIB, disk_bytes=12 * MIB, log_bytes=256 * 1024
)
LEVELS = ("strong", "good", "container", "weak", "none") if IS_ROOT else ("good", "container", "weak", "none")
VICTIM = """
import ctypes, os, sys, time
ctypes.CDLL(None).prctl(15, sys.argv[1].encode(), 0, 0, 0)
print("ready", flush=True)
time.sleep(600)
"""


@dataclass(frozen=True)
class Outcome:
    """What came of the attacks at one level, and which defences there were."""

    succeeded: dict[str, str]
    refused: dict[str, str]
    defences: set[str]
    level: str


@pytest.fixture(scope="session")
def outcome_of() -> Callable[[str], Outcome]:
    """Run the attack app at a level, once a session."""
    return cache(attack_at)


def attack_at(name: str) -> Outcome:
    """Lay a machine out and attack it at a level; `none` is the attack app run bare, by the tests' own user."""
    with machine(PLAIN if IS_ROOT and name == "good" else None) as (folder, targets):
        if name == "none":
            return outcome(bare(folder, targets), set())
        found = as_workload(name, folder, targets)
    defences = {"keeper", "ordinary", *found["layers"]} | ({"sandbox"} if name != "weak" else set())
    # In a container it runs as the workload itself, which can take it over and gains nothing: it is as bound as itself.
    defences |= {"first-process"} if "users" in defences and name == "strong" else set()
    return outcome(found, defences & set(DEFENCES))


def outcome(found: dict[str, Any], defences: set[str]) -> Outcome:
    """Add to what the app reports what only shows from outside."""
    said = {line["name"]: line for line in found["results"] if line["name"]}
    verdicts = {name: bool(line["succeeded"]) for name, line in said.items()}
    for name in LEFTOVERS:
        verdicts[name] = verdicts[name] and name in found["survivors"]
    is_full = found["log_bytes"] > 3 * LIMITS.log_bytes
    verdicts |= {"log_flood": is_full, "endless_line": is_full}
    verdicts["forge_platform_lines"] = any("forged-by-the-attack-app" in line for line in found["platform_lines"])
    texts = {name: f"{line['said']} after {line['seconds']} s" for name, line in said.items()}
    return Outcome(
        succeeded={name: texts[name] for name, yes in verdicts.items() if yes},
        refused={name: texts[name] for name, yes in verdicts.items() if not yes},
        defences=defences,
        level=found["level"],
    )


LEFTOVERS = (
    "double_fork",
    "ignore_every_signal",
    "hide_name_and_environment",
    "undo_parent_death_signal",
    "stop_itself",
    "become_subreaper",
    "respawn",
)


def as_workload(name: str, folder: Path, targets: Targets) -> dict[str, Any]:
    """Run the attack app as a workload; `good` is what an ordinary user gets."""
    is_container = name == "container"
    if is_container:
        containers()
    spec = WorkloadSpec(
        workload_id="attack",
        argv=(
            f"{sys.base_prefix}/bin/python3" if is_container else python_for_all(),
            "-u",
            "-c",
            level.ENTRY,
            str(folder),
        ),
        env={"PATH": "/usr/bin:/bin", "TARGETS": json.dumps(asdict(targets))},
        cwd=folder / "workspace",
        mounts=(
            Mount(source=folder / "app"),
            Mount(source=folder / "shared"),
            Mount(source=folder / "report", writable=True),
            Mount(source=folder / "workspace", writable=True, is_limited=True),
        ),
        limits=LIMITS,
        network=Network(port=5000, outbound=True),
        uid=ATTACKER if IS_ROOT and name != "good" else None,
        image=base_image() if is_container else None,
    )
    order = (folder / "platform" / "workloads", "process" if name == "weak" else "bubblewrap", spec, folder / "report")
    try:
        if IS_ROOT and name == "good":
            return as_plain_user(folder, order)
        return asyncio.run(level.run(*order))
    finally:
        disks.release_below(folder)


def as_plain_user(folder: Path, order: tuple[Any, ...]) -> dict[str, Any]:
    """Have an ordinary user, who cannot see the tests' own files, run the launcher from a copy."""
    library = folder / "library"
    (library / "hothouse").mkdir(parents=True)
    for source in (Path(hothouse.__file__), Path(hothouse.__file__).parent / "launch"):
        copy = shutil.copytree if source.is_dir() else shutil.copyfile
        copy(source, library / "hothouse" / source.name)
    shutil.copytree(Path(psutil.__file__).parent, library / "psutil")
    shutil.copyfile(level.__file__, library / "level.py")
    who = ["setpriv", "--reuid", str(PLAIN), "--regid", str(PLAIN), "--clear-groups"]
    done = subprocess.run(
        [*who, python_for_all(), str(library / "level.py")],
        input=pickle.dumps(order),
        capture_output=True,
        env={"PATH": "/usr/bin:/bin:/usr/sbin", "PYTHONPATH": str(library)},
        check=False,
        cwd="/",
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def bare(folder: Path, targets: Targets) -> dict[str, Any]:
    """Run the attack app with no defence at all: an attack that fails even so proves nothing."""
    held = os.open(folder / "platform" / "open.txt", os.O_RDONLY)
    os.dup2(held, 100)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", level.ENTRY, str(folder)],
            env={"PATH": "/usr/bin:/bin", "TARGETS": json.dumps(asdict(targets))},
            stdout=log,
            pass_fds=(100,),
            cwd=folder / "workspace",
        )
        try:
            deadline = time.monotonic() + level.DEADLINE_SECONDS
            while not level.is_done(folder / "report"):
                assert process.poll() is None
                assert time.monotonic() < deadline, level.results(folder / "report")[-1:]
                time.sleep(0.05)
        finally:
            process.kill()
            process.wait()
            os.close(held)
            os.close(100)
    found = {
        "results": level.results(folder / "report"),
        "survivors": level.survivors(folder / "report"),
        "log_bytes": (folder / "log").stat().st_size,
        "platform_lines": [],
        "level": "none",
    }
    end_survivors(folder)
    return found


def end_survivors(folder: Path) -> None:
    """Kill what outlived the bare app: everything that runs with its folder as argument, or that took a name."""
    for process in psutil.process_iter(["cmdline"]):
        if str(folder) in (process.info["cmdline"] or []):
            with suppress(psutil.NoSuchProcess):
                process.kill()


@contextmanager
def machine(owner: int | None) -> Iterator[tuple[Path, Targets]]:
    """Set up everything there is to attack; `owner` is the platform's user, if that is not ours."""
    folder = Path(tempfile.mkdtemp(prefix="hothouse-attack-")).resolve()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder)
        targets = lay_out(folder)
        stack.enter_context(listening(targets, owner))
        give(folder, owner)
        process = stack.enter_context(victim(targets, OTHER if IS_ROOT and owner is None else owner))
        yield folder, Targets(**{**asdict(targets), "victim_pid": process})


def lay_out(folder: Path) -> Targets:
    """Make the files of the platform, of another workload, and of an environment they share."""
    folder.chmod(0o755)
    for name in ("platform/keys", "platform/workloads", "workspace", "report", "shared", "other"):
        (folder / name).mkdir(parents=True)
    for closed in ("platform/keys", "platform/workloads"):
        (folder / closed).chmod(0o700)
    for name in ("platform/keys/secrets.key", "platform/open.txt", "other/private.txt", "other/open.txt"):
        (folder / name).write_text("secret")
        (folder / name).chmod(0o644 if name.endswith("open.txt") else 0o600)
    (folder / "shared" / "package.py").write_text("")
    shutil.copytree(Path(__file__).parent / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    mark = uuid.uuid4().hex[:6]
    for place in ("/tmp", "/dev/shm"):
        Path(place, f"hothouse-host-{mark}").write_text("secret")
        Path(place, f"hothouse-host-{mark}").chmod(0o644)
    return Targets(
        workspace=str(folder / "workspace"),
        report=str(folder / "report"),
        platform=str(folder / "platform"),
        shared=str(folder / "shared"),
        other=str(folder / "other"),
        victim=f"victim-{mark}",
        victim_pid=0,
        host_file=f"/tmp/hothouse-host-{mark}",
        shared_memory=f"/dev/shm/hothouse-host-{mark}",
        ipc_key=int(mark, 16),
        port=free_port(),
        address=own_address(),
        unix_socket=str(folder / "platform" / "open.sock"),
        abstract_socket=f"hothouse-{mark}",
        hostname=os.uname().nodename,
        memory_bytes=LIMITS.memory_bytes or 0,
        processes=LIMITS.processes or 0,
        cpu=LIMITS.cpu or 0,
        disk_bytes=LIMITS.disk_bytes or 0,
        file_bytes=LIMITS.file_bytes or 0,
    )


def give(folder: Path, owner: int | None) -> None:
    """Hand the files to their users."""
    if not IS_ROOT:
        return
    if owner is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, owner)
        return
    for path in (folder / "other", *(folder / "other").iterdir()):
        os.chown(path, OTHER, OTHER)


@contextmanager
def listening(targets: Targets, owner: int | None) -> Iterator[None]:
    """Answer on every kind of socket as the platform or another workload would."""
    with ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("0.0.0.0", targets.port)))
        unix, abstract = (stack.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(2))
        unix.bind(targets.unix_socket)
        os.chmod(targets.unix_socket, 0o777)
        abstract.bind("\0" + targets.abstract_socket)
        with acting_as(owner):
            udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        with acting_as(owner):
            udp.bind(("0.0.0.0", targets.port))
        segment = ctypes.CDLL(None).shmget(targets.ipc_key, 4096, 0o1666)
        stack.callback(ctypes.CDLL(None).shmctl, segment, 0, None)
        for path in (targets.host_file, targets.shared_memory):
            stack.callback(os.unlink, path)
        done = threading.Event()
        for server in (tcp, unix, abstract):
            server.listen()
            start(stack, accept, server, done)
        start(stack, echo, udp, done)
        stack.callback(done.set)
        yield


@contextmanager
def acting_as(uid: int | None) -> Iterator[None]:
    """Be another user for a moment."""
    own = os.geteuid()
    os.seteuid(own if uid is None else uid)
    try:
        yield
    finally:
        os.seteuid(own)


def start(stack: ExitStack, work: Callable[..., None], server: socket.socket, done: threading.Event) -> None:
    server.settimeout(0.1)
    thread = threading.Thread(target=work, args=(server, done))
    thread.start()
    stack.callback(thread.join)


def accept(server: socket.socket, done: threading.Event) -> None:
    while not done.is_set():
        with suppress(OSError):
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"hello from the platform")


def echo(server: socket.socket, done: threading.Event) -> None:
    while not done.is_set():
        with suppress(OSError):
            _, sender = server.recvfrom(64)
            server.sendto(b"hello from the platform", sender)


@contextmanager
def victim(targets: Targets, uid: int | None) -> Iterator[int]:
    """Run another workload's process, with a secret in its environment."""
    who = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups"] if uid is not None else []
    process = subprocess.Popen(
        [*who, python_for_all(), "-c", VICTIM, targets.victim],
        env={"PATH": os.defpath, "SECRET": "secret"},
        cwd=targets.other,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        try:
            yield process.pid
        finally:
            process.send_signal(signal.SIGKILL)


def python_for_all() -> str:
    """Name an interpreter that every user may run."""
    own = str(Path(sys.base_prefix, "bin", "python3"))
    return (shutil.which("python3", path="/usr/bin:/usr/local/bin") or own) if IS_ROOT else own


def own_address() -> str:
    """Return an address of this machine that is not loopback, if it has one."""
    found = [each.address for many in psutil.net_if_addrs().values() for each in many if each.family == socket.AF_INET]
    return next((address for address in found if not address.startswith("127.")), "127.0.0.1")
