"""The kernel's surface: calls that no workload needs and that holes in the kernel were found behind.

Each is made with arguments that do no harm. What counts is whether the kernel came to look at them: an answer of EPERM
or ENOSYS means that the call was stopped before.
"""

import ctypes
import errno
import fcntl
import os
import platform
import pty
from collections.abc import Callable

from .catalogue import Targets, attack

_LIBRARY = ctypes.CDLL(None, use_errno=True)
_COLUMN = 1 if platform.machine() == "aarch64" else 0
_NONE = -1
NUMBERS = {
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
    "kexec_load": (246, 104), "init_module": (175, 105), "delete_module": (176, 106), "reboot": (169, 142),
    "syslog": (103, 116), "acct": (163, 89), "settimeofday": (164, 170), "sethostname": (170, 161),
    "swapon": (167, 224), "quotactl": (179, 60), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "perf_event_open": (298, 241), "bpf": (321, 280),
    "fanotify_init": (300, 262), "add_key": (248, 217), "keyctl": (250, 219), "request_key": (249, 218),
    "userfaultfd": (323, 282), "open_by_handle_at": (304, 265), "io_uring_setup": (425, 425), "clone3": (435, 435),
    "clone": (56, 220), "unshare": (272, 97), "personality": (135, 92), "fsopen": (430, 430),
    "move_mount": (429, 429), "open_tree": (428, 428), "mount_setattr": (442, 442), "iopl": (172, _NONE),
    "modify_ldt": (154, _NONE), "move_pages": (279, 239), "newest": (471, 471), "x32_getpid": (0x40000000 + 39, _NONE),
}  # fmt: skip
ONLY_ON_X86 = "this kind of processor has no such call" if _COLUMN else ""


def call(name: str, *arguments: int) -> int:
    """Make a system call. Raises: OSError."""
    answer = _LIBRARY.syscall(NUMBERS[name][_COLUMN], *(ctypes.c_long(each) for each in arguments))
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(answer)


def is_looked_at(name: str, *arguments: int) -> bool:
    """Make a call that cannot work; tell whether the kernel looked at it at all."""
    try:
        call(name, *arguments)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.ENOSYS):
            raise
    return True


@attack("system-calls", "ordinary")
def mount_something(targets: Targets) -> object:
    """Mount a file system."""
    return is_looked_at("mount", 0, 0, 0, 0, 0)


@attack("system-calls", "ordinary")
def unmount_something(targets: Targets) -> object:
    """Unmount a file system."""
    path = ctypes.create_string_buffer(targets.workspace.encode() + b"/nothing")
    return is_looked_at("umount2", ctypes.addressof(path), 0)


@attack("system-calls", "ordinary")
def change_the_root(targets: Targets) -> object:
    """Change the root of its mounts (`pivot_root`)."""
    path = ctypes.create_string_buffer(targets.workspace.encode() + b"/nothing")
    return is_looked_at("pivot_root", ctypes.addressof(path), ctypes.addressof(path))


@attack("system-calls", "ordinary")
def change_own_root(targets: Targets) -> object:
    """Change its own root (`chroot`), the first step of a known way out."""
    path = ctypes.create_string_buffer(b"/")
    return is_looked_at("chroot", ctypes.addressof(path))


@attack("system-calls", "ordinary")
def open_a_file_system(targets: Targets) -> object:
    """Mount by the newer calls (`fsopen`)."""
    path = ctypes.create_string_buffer(b"nothing")
    return is_looked_at("fsopen", ctypes.addressof(path), 0)


@attack("system-calls", "ordinary")
def move_a_mount(targets: Targets) -> object:
    """Move a mount (`move_mount`)."""
    return is_looked_at("move_mount", -1, 0, -1, 0, 0)


@attack("system-calls")
def open_a_tree_of_mounts(targets: Targets) -> object:
    """Take hold of a mount (`open_tree`)."""
    path = ctypes.create_string_buffer(b"/")
    return is_looked_at("open_tree", -100, ctypes.addressof(path), 0)


@attack("system-calls")
def make_user_namespace(targets: Targets) -> object:
    """Become root in a user namespace of its own, where much more of the kernel can be reached."""
    return call("unshare", 0x10000000) == 0


@attack("system-calls")
def clone_into_user_namespace(targets: Targets) -> object:
    """Start a process in a user namespace (`clone`)."""
    return _clone(call, 0x10000000)


@attack("system-calls")
def clone3_into_user_namespace(targets: Targets) -> object:
    """Start a process by `clone3`, whose flags no filter can look at."""
    return is_looked_at("clone3", 0, 0)


def _clone(make: Callable[..., int], flags: int) -> bool:
    pid = make("clone", flags | 17, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True


@attack("system-calls", "ordinary")
def make_network_namespace(targets: Targets) -> object:
    """Make a network namespace."""
    return call("unshare", 0x40000000) == 0


@attack("system-calls", "ordinary")
def make_mount_namespace(targets: Targets) -> object:
    """Make a mount namespace."""
    return call("unshare", 0x20000) == 0


@attack("system-calls", "ordinary")
def enter_a_namespace(targets: Targets) -> object:
    """Enter a namespace, even if only its own."""
    return call("setns", os.open("/proc/self/ns/uts", os.O_RDONLY), 0) == 0


@attack("system-calls", "ordinary", unseen="the kernel may be locked down against it")
def load_bpf(targets: Targets) -> object:
    """Load a program into the kernel (`bpf`)."""
    return is_looked_at("bpf", 0, 0, 0)


@attack("system-calls", unseen="whether ordinary users may is a setting of the kernel")
def count_events(targets: Targets) -> object:
    """Watch the processor's counters (`perf_event_open`)."""
    return is_looked_at("perf_event_open", 0, 0, -1, -1, 0)


@attack("system-calls")
def handle_page_faults(targets: Targets) -> object:
    """Hold the kernel up in the middle of its work (`userfaultfd`)."""
    return is_looked_at("userfaultfd", 1)


@attack("system-calls", unseen="the kernel may be built without it")
def queue_work_for_the_kernel(targets: Targets) -> object:
    """Hand the kernel work past the filter (`io_uring`)."""
    return is_looked_at("io_uring_setup", 0, 0)


@attack("system-calls", unseen="the kernel may be built without keyrings")
def read_keyrings(targets: Targets) -> object:
    """Look into the kernel's keyrings, which no namespace keeps apart."""
    return is_looked_at("keyctl", 0, -4, 0)


@attack("system-calls", unseen="the kernel may be built without keyrings")
def add_keys(targets: Targets) -> object:
    """Leave keys in the kernel's memory."""
    return is_looked_at("add_key", 0, 0, 0, 0, 0)


@attack("system-calls", unseen="the kernel may be built without keyrings")
def request_keys(targets: Targets) -> object:
    """Have the kernel start a program of the machine for a key."""
    return is_looked_at("request_key", 0, 0, 0, 0)


@attack("system-calls", "ordinary", unseen="the kernel may be built without it")
def load_another_kernel(targets: Targets) -> object:
    """Load another kernel."""
    return is_looked_at("kexec_load", 0, 0, 0, -1)


@attack("system-calls", "ordinary", unseen="the kernel may be built without modules")
def load_a_module(targets: Targets) -> object:
    """Load a module into the kernel."""
    return is_looked_at("init_module", 0, 0, 0)


@attack("system-calls", "ordinary")
def restart_the_machine(targets: Targets) -> object:
    """Restart the machine (with a number that means nothing)."""
    return is_looked_at("reboot", 0, 0, 0, 0)


@attack("system-calls", "ordinary")
def clear_kernel_log(targets: Targets) -> object:
    """Read the kernel's log by its call."""
    return is_looked_at("syslog", 2, 0, -1)


@attack("system-calls", "ordinary", unseen="the kernel may be built without accounting")
def keep_accounts_of_all(targets: Targets) -> object:
    """Have the kernel write down every process that ends."""
    path = ctypes.create_string_buffer(targets.workspace.encode() + b"/nothing")
    return is_looked_at("acct", ctypes.addressof(path))


@attack("system-calls", "ordinary")
def set_the_clock(targets: Targets) -> object:
    """Set the machine's clock (to a time that is none)."""
    never = (ctypes.c_long * 2)(0, -1)
    return is_looked_at("settimeofday", ctypes.addressof(never), 0)


@attack("system-calls", "ordinary")
def rename_the_machine(targets: Targets) -> object:
    """Rename the machine (by a name that is too long)."""
    return is_looked_at("sethostname", 0, 1000)


@attack("system-calls", "ordinary")
def use_a_file_as_memory(targets: Targets) -> object:
    """Have the machine swap to a file."""
    path = ctypes.create_string_buffer(targets.workspace.encode() + b"/nothing")
    return is_looked_at("swapon", ctypes.addressof(path), 0)


@attack("system-calls")
def set_quotas(targets: Targets) -> object:
    """Change disk quotas."""
    return is_looked_at("quotactl", -1, 0, 0, 0)


@attack("system-calls", "ordinary")
def watch_every_file(targets: Targets) -> object:
    """Be told of every file that anybody opens (`fanotify`)."""
    return is_looked_at("fanotify_init", 0x4, 0)


@attack("system-calls", "ordinary")
def open_by_number(targets: Targets) -> object:
    """Open a file by its number on the disk, past every folder: a known way out of containers."""
    handle = ctypes.create_string_buffer(32)
    return is_looked_at("open_by_handle_at", -1, ctypes.addressof(handle), 0)


@attack("system-calls")
def give_up_random_addresses(targets: Targets) -> object:
    """Turn address randomization off for what it starts."""
    return call("personality", 0x0040000) >= 0


@attack("system-calls", unseen=ONLY_ON_X86)
def old_segments(targets: Targets) -> object:
    """Change processor tables (`modify_ldt`)."""
    return is_looked_at("modify_ldt", 0, 0, 0)


@attack("system-calls", "ordinary", unseen="the kernel may be locked down against it")
def talk_to_hardware(targets: Targets) -> object:
    """Talk to hardware past the kernel (`iopl`)."""
    return is_looked_at("iopl", 9)


@attack("system-calls", unseen="the kernel may be built without it")
def move_memory_of_others(targets: Targets) -> object:
    """Move memory between nodes (`move_pages`)."""
    return is_looked_at("move_pages", 0, 1, 0, 0, 0, -1)


@attack("system-calls", unseen="the kernel may be built without it")
def calls_of_another_kind(targets: Targets) -> object:
    """Make a call by the numbers of another kind (x32), which a careless filter does not know."""
    return is_looked_at("x32_getpid")


@attack("system-calls", unseen="there is no such call yet")
def calls_of_the_future(targets: Targets) -> object:
    """Make a call that is newer than the filter."""
    return is_looked_at("newest")


@attack("system-calls")
def type_into_a_terminal(targets: Targets) -> object:
    """Type a command into the terminal of whoever started it (TIOCSTI)."""
    _, terminal = pty.openpty()
    os.setsid()
    fcntl.ioctl(terminal, 0x540E, 0)
    try:
        fcntl.ioctl(terminal, 0x5412, b"x")
    except OSError as error:
        if error.errno == errno.EPERM:
            raise
    return True
