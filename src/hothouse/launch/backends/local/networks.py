"""Say how a workload's network is made: its door, its ways out, and what internet access must not reach."""

import hashlib
import os
import socket
import tempfile
from ipaddress import IPv4Address, ip_address
from itertools import chain
from pathlib import Path

import psutil

from hothouse.launch.errors import InvalidSpecError, LaunchError
from hothouse.launch.interfaces import Isolation, Network, WorkloadSpec

from .keeper.plan import NetworkPlan
from .tools import find_slirp

DNS_SERVICE = (53, "tcp:nameserver")
LONGEST_PATH = 107
"""Bytes of a unix socket's path, without the one that ends it."""

REFUSED = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "168.63.129.16/32",  # a cloud's own services, at an address that looks public
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "224.0.0.0/3",
    # The network of slirp4netns itself, but for passing through its gateway; and no IPv6 at all.
    "10.0.2.0/25",
    "10.0.2.128/25",
    "::/0",
    "fe80::/65",
    "fe80:0:0:0:8000::/65",
)


def network_plan(spec: WorkloadSpec, root: Path, isolation: Isolation) -> NetworkPlan | None:
    """Decide on a workload's network; None where it shares the machine's.

    Raises:
        InvalidSpecError: two services at one port, a port out of range, or a socket without a port.
    """
    network = spec.network
    if network is None:
        return None
    _check(spec.workload_id, network)
    is_private = isolation.mechanism != "process" and "network" in isolation.layers
    has_door = network.takes_socket or (is_private and network.port is not None)
    outbound = _outbound() if is_private and network.outbound and "internet" in isolation.layers else []
    services = [(service.port, service.target) for service in network.services]
    return {
        "is_private": is_private,
        "door": str(door_path(root, spec.workload_id)) if has_door else None,
        "port": network.port,
        "takes_socket": network.takes_socket,
        "services": [*services, *([DNS_SERVICE] if outbound else [])],
        "names": [name for name in network.names if not _is_address(name)],
        "addresses": [name for name in network.names if _is_address(name) and not name.startswith("127.")],
        "outbound": outbound,
        "refused": [*REFUSED, *own_addresses()] if outbound else [],
    }


def endpoint_of(plan: NetworkPlan | None) -> str | None:
    """Say where the platform reaches a workload; see `Status.endpoint`."""
    if plan is None:
        return None
    if plan["door"] is not None:
        return f"unix:{plan['door']}"
    return f"tcp:127.0.0.1:{plan['port']}" if plan["port"] is not None else None


def door_path(root: Path, workload_id: str) -> Path:
    """Name a workload's socket: short, and the same for every launcher of a folder."""
    folder = hashlib.sha256(str(root).encode()).hexdigest()[:10]
    name = hashlib.sha256(workload_id.encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"hothouse-{os.geteuid()}-{folder}-doors" / f"{name}.sock"
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise LaunchError(
            f"the path {path} is too long for a socket ({LONGEST_PATH} bytes): set TMPDIR to a shorter one"
        )
    return path


def own_addresses() -> list[str]:
    """List the machine's own addresses as networks: internet access starts from here, so it would reach them."""
    all_of_them = chain.from_iterable(psutil.net_if_addrs().values())
    found = {each.address for each in all_of_them if each.family == socket.AF_INET}
    return [f"{address}/32" for address in sorted(found) if not address.startswith("127.")]


def _outbound() -> list[str]:
    slirp = find_slirp()
    options = ["--configure", "--mtu=65520", "--disable-host-loopback", "--disable-dns", "--enable-seccomp"]
    if os.geteuid() == 0:  # it changes to group 0, which the user namespace of an ordinary user does not have
        options.append("--enable-sandbox")
    return [slirp, *options] if slirp else []


def _is_address(name: str) -> bool:
    try:
        return isinstance(ip_address(name), IPv4Address)
    except ValueError:
        return False


def _check(workload_id: str, network: Network) -> None:
    ports = [service.port for service in network.services]
    if network.port is not None and not network.takes_socket:
        ports.append(network.port)
    if len(set(ports)) < len(ports):
        raise InvalidSpecError(f"workload {workload_id} has two uses for one port of its network: {sorted(ports)}")
    if not all(0 < port < 65536 and port != DNS_SERVICE[0] for port in ports):
        raise InvalidSpecError(f"workload {workload_id} uses a port that it cannot have: {sorted(ports)}")
    for service in network.services:
        if service.target.partition(":")[0] not in ("unix", "tcp"):
            raise InvalidSpecError(f"service target {service.target!r} is neither unix:/path nor tcp:host:port")
