"""Processes that try to outlive their workload. Each holds a lock for as long as it lives, by which it is found."""

import ctypes
import fcntl
import os
import signal
import time

from .catalogue import Targets, attack

LIFETIME_SECONDS = 120


def stay(targets: Targets, name: str) -> None:
    """Hold the lock and write down who does, for a while."""
    fd = os.open(f"{targets.report}/{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.write(fd, str(os.getpid()).encode())
    end = time.monotonic() + LIFETIME_SECONDS
    while time.monotonic() < end:
        time.sleep(0.2)
    os._exit(0)


def started(targets: Targets, name: str) -> object:
    """Wait until somebody holds the lock; the test looks who still does when the workload has ended."""
    path, deadline = f"{targets.report}/{name}.lock", time.monotonic() + 10
    while time.monotonic() < deadline:
        if os.path.exists(path) and os.path.getsize(path):
            return True
        time.sleep(0.005)
    raise TimeoutError(name)


@attack("keeper")
def double_fork(targets: Targets) -> object:
    """Leave a daemon behind: fork, a session of its own, fork again."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            stay(targets, "double_fork")
        os._exit(0)
    os.wait()
    return started(targets, "double_fork")


@attack("keeper")
def ignore_every_signal(targets: Targets) -> object:
    """Leave a process behind that ignores every signal it can."""
    if os.fork() == 0:
        os.setsid()
        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        stay(targets, "ignore_every_signal")
    return started(targets, "ignore_every_signal")


@attack("keeper")
def hide_name_and_environment(targets: Targets) -> object:
    """Leave a daemon behind that has wiped its environment and taken the name of a kernel thread."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, b"kworker/0:0", 0, 0, 0)
            ctypes.CDLL(None).clearenv()
            stay(targets, "hide_name_and_environment")
        os._exit(0)
    os.wait()
    return started(targets, "hide_name_and_environment")


@attack("keeper")
def undo_parent_death_signal(targets: Targets) -> object:
    """Leave a process behind that no longer dies with its parent."""
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
        os.setsid()
        stay(targets, "undo_parent_death_signal")
    return started(targets, "undo_parent_death_signal")


@attack("keeper")
def stop_itself(targets: Targets) -> object:
    """Leave a process behind that is stopped and so hears no signal."""
    if os.fork() == 0:
        os.setsid()
        pid = os.fork()
        if pid == 0:
            stay(targets, "stop_itself")
        started(targets, "stop_itself")
        os.kill(pid, signal.SIGSTOP)
        os._exit(0)
    os.wait()
    return started(targets, "stop_itself")


@attack("keeper")
def become_subreaper(targets: Targets) -> object:
    """Gather orphans itself, so that whoever waits for them does not get them."""
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
        os.setsid()
        if os.fork() == 0:
            if os.fork() == 0:
                stay(targets, "become_subreaper")
            os._exit(0)
        time.sleep(LIFETIME_SECONDS)
        os._exit(0)
    return started(targets, "become_subreaper")


@attack("keeper")
def respawn(targets: Targets) -> object:
    """Leave two processes behind that start each other anew."""

    def guard() -> None:
        while True:
            pid = os.fork()
            if pid == 0:
                stay(targets, "respawn")
            os.waitpid(pid, 0)

    if os.fork() == 0:
        os.setsid()
        guard()
    return started(targets, "respawn")
