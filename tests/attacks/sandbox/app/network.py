"""The platform, other workloads, and the machine's network."""

import os
import socket
import struct

from .catalogue import Targets, attack

PATIENCE = 1.0


def ask(address: str, port: int, text: bytes = b"hello") -> bytes:
    with socket.create_connection((address, port), timeout=PATIENCE) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(text)
        return connection.recv(64)


@attack("network")
def reach_platform_on_loopback(targets: Targets) -> object:
    """Connect to a port of the platform at 127.0.0.1."""
    return ask("127.0.0.1", targets.port)


@attack("network")
def reach_platform_by_machines_address(targets: Targets) -> object:
    """Connect to a port of the platform by the machine's own address."""
    return ask(targets.address, targets.port)


@attack("network")
def reach_platform_at_zero(targets: Targets) -> object:
    """Connect to 0.0.0.0, which Linux takes for this machine."""
    return ask("0.0.0.0", targets.port)


@attack("network")
def reach_platform_at_other_loopback(targets: Targets) -> object:
    """Connect to another address of loopback, 127.9.9.9."""
    return ask("127.9.9.9", targets.port)


@attack("network")
def forge_identity_at_another_app(targets: Targets) -> object:
    """Send identity headers of its own making to another workload, past the gateway."""
    request = b"GET / HTTP/1.1\r\nHost: app\r\nX-Hothouse-User: admin\r\n\r\n"
    return ask("127.0.0.1", targets.port, request)


@attack("network")
def reach_platform_by_udp(targets: Targets) -> object:
    """Exchange datagrams with the machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(PATIENCE)
        sender.sendto(b"hello", ("127.0.0.1", targets.port))
        return sender.recv(64)


@attack("sandbox")
def reach_socket_in_platform_folder(targets: Targets) -> object:
    """Connect to a socket in the platform's folder that was left open to all users."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(targets.unix_socket)
        return connection.recv(64)


@attack("network")
def reach_abstract_socket(targets: Targets) -> object:
    """Connect to a socket without a file, which no mount hides."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        connection.connect("\0" + targets.abstract_socket)
        return connection.recv(64)


@attack("network")
def see_the_machines_interfaces(targets: Targets) -> object:
    """List the machine's network interfaces."""
    return [name for _, name in socket.if_nameindex() if name not in ("lo", "tap0")]


@attack("network")
def see_who_listens(targets: Targets) -> object:
    """Find the platform's ports in /proc/net/tcp."""
    with open("/proc/net/tcp") as file:
        return f":{targets.port:04X} " in file.read()


@attack("network")
def see_unix_sockets(targets: Targets) -> object:
    """Find the platform's sockets in /proc/net/unix."""
    with open("/proc/net/unix") as file:
        return targets.abstract_socket in file.read()


@attack("network", unseen="on most machines nothing answers there")
def reach_metadata_address(targets: Targets) -> object:
    """Fetch the machine's credentials from a cloud's metadata address."""
    return ask("169.254.169.254", 80, b"GET / HTTP/1.0\r\n\r\n")


@attack("ordinary")
def forge_packets(targets: Targets) -> object:
    """Send packets with headers of its own making."""
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    return True


@attack("system-calls", "ordinary")
def listen_to_all_packets(targets: Targets) -> object:
    """Read every packet of an interface."""
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    return True


@attack("ordinary")
def change_an_interface(targets: Targets) -> object:
    """Change the settings of an interface (to what they are)."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        found = fcntl.ioctl(any_socket, 0x8913, request)
        fcntl.ioctl(any_socket, 0x8914, found)
    return True


@attack("network", "users")
def steal_a_port(targets: Targets) -> object:
    """Share the platform's datagram port and take its messages."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        thief.bind(("0.0.0.0", targets.port))
        with open("/proc/net/udp") as file:
            return file.read().count(f":{targets.port:04X} ") > 1


@attack("system-calls", unseen="the kernel may lack this kind of socket")
def crypto_sockets(targets: Targets) -> object:
    """Open a socket of the kernel's cryptography (AF_ALG), a frequent source of holes."""
    socket.socket(38, socket.SOCK_SEQPACKET, 0).close()
    return True


@attack("system-calls")
def audit_sockets(targets: Targets) -> object:
    """Open a netlink socket beyond routes (generic netlink)."""
    socket.socket(16, socket.SOCK_RAW, 16).close()
    return True


@attack("system-calls", unseen="the kernel may lack this kind of socket")
def machine_sockets(targets: Targets) -> object:
    """Talk to the hypervisor (AF_VSOCK)."""
    socket.socket(40, socket.SOCK_STREAM, 0).close()
    return True


@attack("sandbox", "users")
def replace_socket_of_the_platform(targets: Targets) -> object:
    """Take the place of a socket of the platform."""
    os.rename(targets.unix_socket, targets.unix_socket + ".moved")
    os.rename(targets.unix_socket + ".moved", targets.unix_socket)
    return True
