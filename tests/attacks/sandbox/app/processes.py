"""Other processes, other users, and what it takes to become them."""

import ctypes
import os
import subprocess

from .catalogue import FIRST_PROCESS, Targets, attack, pid_of
from .kernel import call


def victim_memory(pid: int) -> tuple[int, int]:
    """Find some readable memory of a process as (address, size)."""
    with open(f"/proc/{pid}/maps") as file:
        for line in file:
            span, mode = line.split()[:2]
            if mode.startswith("rw"):
                start, end = (int(part, 16) for part in span.split("-"))
                return start, end - start
    raise OSError("nothing mapped")


@attack("sandbox")
def see_other_processes(targets: Targets) -> object:
    """Find another workload's process."""
    return pid_of(targets.victim)


@attack("sandbox", "users")
def signal_other_processes(targets: Targets) -> object:
    """Be allowed to signal another workload's process."""
    os.kill(pid_of(targets.victim), 0)
    return True


@attack("sandbox", "users")
def signal_by_number(targets: Targets) -> object:
    """Signal another workload's process by its number on the machine, without looking it up."""
    os.kill(targets.victim_pid, 0)
    with open(f"/proc/{targets.victim_pid}/comm") as file:
        return file.read().strip() == targets.victim


@attack("sandbox", "users")
def stop_other_processes(targets: Targets) -> object:
    """Lower another's priority to the bottom."""
    os.setpriority(os.PRIO_PROCESS, pid_of(targets.victim), 19)
    return True


@attack("sandbox", "users", unseen="without a launcher there is none")
def signal_keeper(targets: Targets) -> object:
    """Be allowed to kill the keeper that holds the workload, and with it the record of how it ended."""
    os.kill(_keeper(), 0)
    return True


@attack("sandbox", unseen="without a launcher there is none")
def see_keeper(targets: Targets) -> object:
    """Find the keeper among its own parents."""
    return _keeper()


def _keeper() -> int:
    pid = os.getppid()
    while pid > 1:
        with open(f"/proc/{pid}/cmdline") as file:
            if "keeper.main" in file.read():
                return pid
        with open(f"/proc/{pid}/stat") as file:
            pid = int(file.read().rpartition(")")[2].split()[1])
    raise ProcessLookupError


@attack("sandbox", "users")
def read_environment_of_others(targets: Targets) -> object:
    """Read the secrets in another workload's environment."""
    with open(f"/proc/{pid_of(targets.victim)}/environ") as file:
        return "SECRET" in file.read()


@attack("sandbox")
def read_arguments_of_others(targets: Targets) -> object:
    """Read the arguments of another workload's process."""
    with open(f"/proc/{pid_of(targets.victim)}/cmdline") as file:
        return file.read()


@attack("sandbox", "users")
def read_memory_of_others(targets: Targets) -> object:
    """Read another process's memory through /proc/PID/mem."""
    pid = pid_of(targets.victim)
    start, _ = victim_memory(pid)
    fd = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    return os.pread(fd, 16, start)


@attack("sandbox", "users", "system-calls")
def read_memory_by_system_call(targets: Targets) -> object:
    """Read another process's memory by `process_vm_readv`."""
    pid = pid_of(targets.victim)
    start, _ = victim_memory(pid)
    target = ctypes.create_string_buffer(16)
    local, remote = (ctypes.c_size_t * 2)(ctypes.addressof(target), 16), (ctypes.c_size_t * 2)(start, 16)
    return call("process_vm_readv", pid, ctypes.addressof(local), 1, ctypes.addressof(remote), 1, 0) == 16


@attack("sandbox", "users", "system-calls")
def trace_others(targets: Targets) -> object:
    """Attach to another workload's process as a debugger."""
    return call("ptrace", 0x4206, pid_of(targets.victim), 0, 0) == 0


@attack("system-calls")
def trace_own_child(targets: Targets) -> object:
    """Trace a process of its own: harmless by itself, but how the sandbox's first process would be taken over."""
    return call("ptrace", 0, 0, 0, 0) == 0


@attack("sandbox", "users", "system-calls")
def take_descriptor_of_others(targets: Targets) -> object:
    """Take an open file out of another process by `pidfd_getfd`."""
    return call("pidfd_getfd", os.pidfd_open(pid_of(targets.victim)), 0, 0) >= 0


@attack("system-calls")
def compare_with_others(targets: Targets) -> object:
    """Compare kernel objects with those of another process (`kcmp`)."""
    return call("kcmp", os.getpid(), os.getppid(), 1, 0, 0) >= 0


@attack("first-process", unseen=FIRST_PROCESS)
def write_memory_of_first_process(targets: Targets) -> object:
    """Open the memory of the sandbox's first process for writing, to take it over."""
    os.close(os.open("/proc/1/mem", os.O_RDWR))
    return True


@attack("ordinary")
def become_root(targets: Targets) -> object:
    """Change to user 0."""
    os.setuid(0)
    return os.getuid() == 0


@attack("ordinary")
def become_another_user(targets: Targets) -> object:
    """Change to the user of somebody else."""
    os.setuid(4321)
    return os.getuid() == 4321


@attack("ordinary")
def join_another_group(targets: Targets) -> object:
    """Join the group that may read disks."""
    os.setgroups([6])
    return 6 in os.getgroups()


@attack("ordinary")
def run_setuid_program(targets: Targets) -> object:
    """Become root by a program with the setuid bit."""
    done = subprocess.run(["su", "-c", "id -u"], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=5)
    return done.stdout.strip() == "0"


@attack("ordinary")
def have_capabilities(targets: Targets) -> object:
    """Hold any capability at all."""
    with open("/proc/self/status") as file:
        fields = dict(line.split(":", 1) for line in file if ":" in line)
    return any(int(fields[name], 16) for name in ("CapEff", "CapPrm", "CapAmb", "CapInh"))


@attack("ordinary")
def raise_own_priority(targets: Targets) -> object:
    """Go before everybody else's processes."""
    return os.nice(-5) < 0


@attack("sandbox")
def shared_memory_of_others(targets: Targets) -> object:
    """Attach to System V shared memory that another workload left open."""
    return ctypes.CDLL(None).shmget(targets.ipc_key, 0, 0) >= 0


@attack("sandbox")
def posix_shared_memory_of_others(targets: Targets) -> object:
    """Read another workload's shared memory below /dev/shm."""
    with open(targets.shared_memory) as file:
        return file.read()


@attack("sandbox")
def learn_the_machines_name(targets: Targets) -> object:
    """Learn the machine's name."""
    return os.uname().nodename == targets.hostname


@attack("sandbox")
def learn_what_runs(targets: Targets) -> object:
    """Count the machine's processes."""
    return len([name for name in os.listdir("/proc") if name.isdigit()]) > 20
