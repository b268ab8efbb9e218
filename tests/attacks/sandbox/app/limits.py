"""More of the machine than a workload was promised. Each is bounded, so that it harms nothing where it succeeds."""

import contextlib
import errno
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from glob import glob

from .catalogue import Targets, attack

CHUNK = b"x" * 2**20


def eat(size: int) -> bytearray:
    """Take memory and touch all of it."""
    kept = bytearray(size)
    for at in range(0, size, 4096):
        kept[at] = 1
    return kept


def eats(size: int) -> None:
    eat(size)


def go_first() -> None:
    """Be the one that is killed when memory runs out, so that whoever started it can clear up."""
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")


def survives(child: Callable[[], None]) -> bool:
    """Tell whether a child comes to its end by itself."""
    pid = os.fork()
    if pid == 0:
        try:
            go_first()
            child()
        except BaseException:  # noqa: BLE001 - however it ends, it must not go on as its parent
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


@attack("memory")
def memory_bomb(targets: Targets) -> object:
    """Take half as much memory again as allowed."""
    return survives(lambda: eats(targets.memory_bytes * 3 // 2))


@attack("memory")
def memory_bomb_of_many(targets: Targets) -> object:
    """Take too much memory by four processes, none of which takes much."""
    pids = []
    reached, waiting = os.pipe()
    for _ in range(4):
        pid = os.fork()
        if pid == 0:
            go_first()
            kept = eat(targets.memory_bytes * 2 // 5)
            os.write(waiting, b"x")
            time.sleep(30)
            os._exit(len(kept) & 1)
        pids.append(pid)
    os.close(waiting)
    done, deadline = b"", time.monotonic() + 8
    os.set_blocking(reached, False)
    while len(done) < 4 and time.monotonic() < deadline:
        if any(os.waitpid(pid, os.WNOHANG)[0] for pid in pids):
            break
        with contextlib.suppress(BlockingIOError):
            done += os.read(reached, 4)
        time.sleep(0.01)
    _end(pids)
    return len(done) == 4


@attack("memory")
def memory_in_a_file_without_name(targets: Targets) -> object:
    """Take memory as a file that exists nowhere (`memfd_create`)."""

    def fill() -> None:
        for _ in range(targets.memory_bytes * 3 // 2 // (4 * len(CHUNK))):
            fd = os.memfd_create("bomb")
            for _ in range(4):
                os.write(fd, CHUNK)

    return survives(fill)


@attack("memory", "sandbox")
def fill_shared_memory(targets: Targets) -> object:
    """Fill the machine's shared memory."""
    return _fills("/dev/shm/hothouse-bomb", targets.memory_bytes * 3 // 2)


@attack("sandbox")
def fill_temporary_folder(targets: Targets) -> object:
    """Fill /tmp."""
    return _fills("/tmp/hothouse-bomb", targets.memory_bytes * 3 // 2)


def _fills(path: str, size: int) -> bool:
    """Tell whether a child can write so much, in files that no limit on one file's size stops; clear up after it."""

    def fill() -> None:
        for number in range(size // (4 * len(CHUNK))):
            with open(f"{path}-{number}", "wb", buffering=0) as file:
                for _ in range(4):
                    if file.write(CHUNK) < len(CHUNK):
                        raise OSError(errno.ENOSPC, "full")

    try:
        return survives(fill)
    finally:
        for file in glob(f"{path}-*"):
            os.unlink(file)


@attack("pids", "sandbox")
def fork_bomb(targets: Targets) -> object:
    """Start twice as many processes as allowed."""
    pids: list[int] = []
    try:
        for _ in range(targets.processes * 2):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            pids.append(pid)
        return len(pids)
    finally:
        _end(pids)


@attack("pids", "sandbox")
def thread_bomb(targets: Targets) -> object:
    """Start twice as many threads as allowed."""
    done = threading.Event()
    threads = [threading.Thread(target=done.wait, daemon=True) for _ in range(targets.processes * 2)]
    try:
        for thread in threads:
            thread.start()
        return len(threads)
    finally:
        done.set()


def _end(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)


@attack("cpu", unseen="on a busy machine nobody gets more")
def processor_hog(targets: Targets) -> object:
    """Use more of a processor than allowed for a second and a half."""
    began, end = time.process_time(), time.monotonic() + 1.5
    while time.monotonic() < end:
        pass
    used = time.process_time() - began
    return used / 1.5 > targets.cpu * 1.3 and used


@attack("keeper", unseen="without any limit it would take all that the machine has")
def descriptor_bomb(targets: Targets) -> object:
    """Open more files than allowed."""
    fds = []
    try:
        fds += [os.open("/dev/null", os.O_RDONLY) for _ in range(8300)]
        return len(fds)
    finally:
        for fd in fds:
            os.close(fd)


@attack("disk")
def disk_flood(targets: Targets) -> object:
    """Write twice as much into the workspace as it may hold."""
    return _fills(f"{targets.workspace}/flood", targets.disk_bytes * 2)


@attack("disk")
def file_flood(targets: Targets) -> object:
    """Make so many empty files that none can be made any more."""
    folder = f"{targets.workspace}/files"
    os.mkdir(folder)
    made = 0
    try:
        # A file system of its own has few thousands; of the machine's many millions a taste is enough.
        for number in range(6_000 if os.statvfs(folder).f_files < 20_000 else 500):
            os.mknod(f"{folder}/{number}")
            made += 1
        return made
    finally:
        for number in range(made):
            os.unlink(f"{folder}/{number}")
        os.rmdir(folder)


@attack("disk")
def reserve_the_disk(targets: Targets) -> object:
    """Reserve space without writing (`posix_fallocate`)."""
    paths = [f"{targets.workspace}/reserved-{number}" for number in range(8)]
    try:
        for path in paths:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT)
            os.posix_fallocate(fd, 0, targets.disk_bytes // 4)
            os.close(fd)
        return len(paths)
    finally:
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)


@attack("disk")
def hidden_flood(targets: Targets) -> object:
    """Fill the disk by a file that has no name any more."""

    def fill() -> None:
        fds = []
        for number in range(targets.disk_bytes * 2 // (4 * len(CHUNK))):
            path = f"{targets.workspace}/hidden-{number}"
            fd = os.open(path, os.O_WRONLY | os.O_CREAT)
            os.unlink(path)
            fds.append(fd)
            for _ in range(4):
                if os.write(fd, CHUNK) < len(CHUNK):
                    raise OSError(errno.ENOSPC, "full")

    return survives(fill)


@attack("keeper")
def one_big_file(targets: Targets) -> object:
    """Write one file that is larger than any may be."""

    def fill() -> None:
        with open(f"{targets.workspace}/big", "wb", buffering=0) as file:
            for _ in range(targets.file_bytes // len(CHUNK) + 2):
                if file.write(CHUNK) < len(CHUNK):
                    raise OSError

    try:
        return survives(fill)
    finally:
        os.unlink(f"{targets.workspace}/big")


@attack("keeper")
def sparse_file(targets: Targets) -> object:
    """Make a file that says it is huge, for whoever copies it."""
    path = f"{targets.workspace}/sparse"
    try:
        return survives(lambda: os.truncate(os.open(path, os.O_RDWR | os.O_CREAT), 2**40))
    finally:
        os.unlink(path)


@attack("keeper")
def allow_core_dumps(targets: Targets) -> object:
    """Have crashes write memory to the disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (2**20, 2**20))
    return True


@attack("keeper", "ordinary", unseen="without any limit there is none to raise")
def raise_own_limits(targets: Targets) -> object:
    """Raise a limit that it was given."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return hard
