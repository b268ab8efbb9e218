"""Files of the machine, of the platform, of other workloads, of environments that many share."""

import os
import stat
import tempfile

from .catalogue import FIRST_PROCESS, Targets, attack, pid_of


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(64)


def plant(folder: str, name: str = "planted") -> str:
    path = os.path.join(folder, name)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o644))
    os.unlink(path)
    return path


@attack("sandbox", "users")
def read_platform_key(targets: Targets) -> object:
    """Read a key of the platform that only its user may read."""
    return read(f"{targets.platform}/keys/secrets.key")


@attack("sandbox")
def read_file_open_to_all(targets: Targets) -> object:
    """Read a file of the platform that was left open to all users."""
    return read(f"{targets.platform}/open.txt")


@attack("sandbox")
def list_platform_folder(targets: Targets) -> object:
    """List the platform's data folder."""
    return "open.txt" in os.listdir(targets.platform)


@attack("sandbox", "users")
def read_launcher_state(targets: Targets) -> object:
    """Read what the launcher wrote down about workloads."""
    return os.listdir(f"{targets.platform}/workloads") is not None


@attack("sandbox", "users")
def write_launcher_state(targets: Targets) -> object:
    """Write into the launcher's folder, where locks, records and logs are."""
    return plant(f"{targets.platform}/workloads")


@attack("sandbox", "users")
def read_other_workspace(targets: Targets) -> object:
    """Read a private file of another workload."""
    return read(f"{targets.other}/private.txt")


@attack("sandbox")
def read_open_file_of_other_workspace(targets: Targets) -> object:
    """Read a file of another workload that it left open to all users."""
    return read(f"{targets.other}/open.txt")


@attack("sandbox", "users")
def write_other_workspace(targets: Targets) -> object:
    """Write into another workload's workspace."""
    return plant(targets.other)


@attack("sandbox", "ordinary")
def read_shadow(targets: Targets) -> object:
    """Read the machine's password hashes."""
    return read("/etc/shadow")


@attack("sandbox")
def list_accounts(targets: Targets) -> object:
    """List the machine's accounts."""
    return b"root:" in read("/etc/passwd")


@attack("sandbox", "ordinary")
def list_home_of_root(targets: Targets) -> object:
    """Find files in root's home folder (a Python that is installed there is shown, and no more)."""
    return [name for name in os.listdir("/root") if os.path.isfile(f"/root/{name}")]


@attack("sandbox")
def list_system_settings(targets: Targets) -> object:
    """List the machine's settings below /etc beyond name lookup and TLS."""
    return {"init.d", "systemd", "default", "cron.d"} & set(os.listdir("/etc"))


@attack("sandbox")
def list_home_folders(targets: Targets) -> object:
    """List /home, /opt and /srv."""
    return [name for name in ("/home", "/opt", "/srv") if os.path.isdir(name)]


@attack("sandbox")
def read_devices_of_the_machine(targets: Targets) -> object:
    """Look at the machine's hardware through /sys."""
    return os.listdir("/sys/class")


@attack("sandbox", "ordinary")
def write_system_programs(targets: Targets) -> object:
    """Plant a program in /usr/bin."""
    return plant("/usr/bin")


@attack("sandbox", "ordinary")
def write_system_settings(targets: Targets) -> object:
    """Plant a file in /etc."""
    return plant("/etc")


@attack("sandbox")
def read_temporary_file_of_others(targets: Targets) -> object:
    """Read a file in the machine's /tmp."""
    return read(targets.host_file)


@attack("sandbox")
def write_temporary_file_for_others(targets: Targets) -> object:
    """Leave a file in the /tmp that others use; seen from the file that is there already."""
    return os.path.exists(targets.host_file) and plant(os.path.dirname(targets.host_file))


@attack("sandbox", "users")
def change_shared_environment(targets: Targets) -> object:
    """Change a package of the environment that many workloads share."""
    os.close(os.open(f"{targets.shared}/package.py", os.O_WRONLY | os.O_APPEND))
    return True


@attack("sandbox", "users")
def plant_pth_in_shared_environment(targets: Targets) -> object:
    """Plant a `.pth` file, which runs code in every program of the shared environment."""
    return plant(targets.shared, "evil.pth")


@attack("sandbox", "users")
def replace_in_shared_environment(targets: Targets) -> object:
    """Swap a package of the shared environment by a rename."""
    os.rename(f"{targets.shared}/package.py", f"{targets.shared}/other.py")
    os.rename(f"{targets.shared}/other.py", f"{targets.shared}/package.py")
    return True


@attack("sandbox", "users")
def open_up_shared_environment(targets: Targets) -> object:
    """Make the shared environment writable for all."""
    os.chmod(targets.shared, 0o777)
    os.chmod(targets.shared, 0o755)
    return True


@attack("sandbox", "users")
def hard_link_shared_file(targets: Targets) -> object:
    """Link a file of the shared environment into the workspace, to write it from there."""
    link = f"{targets.workspace}/linked.py"
    os.link(f"{targets.shared}/package.py", link)
    os.unlink(link)
    return True


@attack("sandbox", "users")
def bytecode_for_shared_environment(targets: Targets) -> object:
    """Plant compiled code where Python looks for that of a shared package."""
    os.makedirs(f"{targets.shared}/__pycache__", exist_ok=True)
    return plant(f"{targets.shared}/__pycache__", "package.cpython-311.pyc")


@attack("sandbox")
def follow_link_out_of_workspace(targets: Targets) -> object:
    """Read a file of the platform through a link in the workspace."""
    link = f"{targets.workspace}/link"
    os.symlink(f"{targets.platform}/open.txt", link)
    try:
        return read(link)
    finally:
        os.unlink(link)


@attack("sandbox")
def climb_out_of_workspace(targets: Targets) -> object:
    """Read a file of the platform by a path with `..`."""
    above = "/".join([".."] * targets.workspace.count("/"))
    return read(f"{targets.workspace}/{above}{targets.platform}/open.txt")


@attack("sandbox", "ordinary", unseen=FIRST_PROCESS)
def root_of_first_process(targets: Targets) -> object:
    """Read the platform's files through /proc/1/root."""
    return read(f"/proc/1/root{targets.platform}/open.txt")


@attack("sandbox", "users")
def root_of_other_process(targets: Targets) -> object:
    """Read another workload's files through its /proc/PID/cwd."""
    return os.listdir(f"/proc/{pid_of(targets.victim)}/cwd/") is not None


@attack("keeper")
def inherited_descriptors(targets: Targets) -> object:
    """Use a file that whoever started the workload had open."""
    return [fd for fd in range(4, 256) if _is_regular(fd)]


def _is_regular(fd: int) -> bool:
    try:
        return stat.S_ISREG(os.fstat(fd).st_mode)
    except OSError:
        return False


@attack("sandbox", "ordinary", unseen="a container may have no disks")
def read_raw_disk(targets: Targets) -> object:
    """Read the machine's disk past its file systems."""
    with open("/proc/partitions") as file:
        names = [line.split()[3] for line in file.read().splitlines()[2:]]
    for name in names:
        try:
            os.close(os.open(f"/dev/{name}", os.O_RDONLY))
        except OSError:
            continue
        else:
            return name
    return None


@attack("ordinary")
def make_device(targets: Targets) -> object:
    """Make a device file for the machine's memory."""
    path = f"{targets.workspace}/device"
    os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 1))
    os.unlink(path)
    return True


@attack("sandbox", "ordinary")
def read_kernel_messages(targets: Targets) -> object:
    """Read the kernel's log by its device."""
    os.close(os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK))
    return True


@attack("sandbox", "ordinary")
def change_kernel_settings(targets: Targets) -> object:
    """Write a setting of the kernel (the value it has)."""
    with open("/proc/sys/kernel/core_pattern") as file:
        value = file.read()
    with open("/proc/sys/kernel/core_pattern", "w") as file:
        file.write(value)
    return True


@attack("sandbox", "ordinary", unseen="the kernel may be built without it")
def open_sysrq(targets: Targets) -> object:
    """Open the switch that reboots the machine."""
    os.close(os.open("/proc/sysrq-trigger", os.O_WRONLY))
    return True


@attack("sandbox", "ordinary")
def leave_control_group(targets: Targets) -> object:
    """Move to the machine's own control group, out of every limit."""
    for path in ("/sys/fs/cgroup/pids/cgroup.procs", "/sys/fs/cgroup/cgroup.procs"):
        if os.path.exists(path):
            with open(path, "w") as file:
                file.write("0")
            return path
    return None


@attack("ordinary")
def give_file_away(targets: Targets) -> object:
    """Give a file of its own to root."""
    with tempfile.NamedTemporaryFile(dir=targets.workspace) as file:
        os.chown(file.name, 0, 0)
        os.chown(file.name, 1, 1)
    return True
