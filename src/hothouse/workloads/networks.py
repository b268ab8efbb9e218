"""What of the platform a workload reaches from a network of its own, and where it is reached itself."""

from urllib.parse import urlsplit

from hothouse.database.connection import Document
from hothouse.launch.interfaces import Network, Service
from hothouse.settings import Settings

ANY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - what listens there is asked at loopback


def network_at(settings: Settings, port: int, *, takes_socket: bool = False, outbound: bool = True) -> Network:
    """Return a workload's network: with the broker, and with the gateway, by which alone others are reached."""
    services = [*_broker(settings), *_gateway(settings)]
    return Network(
        port=port,
        takes_socket=takes_socket,
        outbound=outbound,
        services=tuple(service for service, _ in services),
        names=(*(name for _, name in services), f".{settings.domain}", ".localhost"),
    )


def reserved_ports(settings: Settings) -> set[int]:
    """Return the ports at which workloads find the platform, so that they cannot listen there themselves."""
    return {service.port for service, _ in (*_broker(settings), *_gateway(settings))}


def endpoint_of(workload: Document) -> str:
    """Return where a workload is; none is recorded by older versions, nor of one that shares the network."""
    return workload.get("endpoint") or f"tcp:127.0.0.1:{workload['port']}"


def address_of(workload: Document) -> str:
    """Return where a workload is as gateways are told it: an address of HTTP, or that of a unix socket."""
    endpoint = endpoint_of(workload)
    return endpoint if endpoint.startswith("unix:") else f"http://{endpoint.removeprefix('tcp:')}"


def _broker(settings: Settings) -> list[tuple[Service, str]]:
    """Offer the broker where the database URI says it is; its unix socket is mounted instead, if that is the way."""
    broker = settings.broker
    if broker.transport == "unix" or not (broker.port or broker.advertise):
        return []
    if broker.advertise:
        host, _, port = broker.advertise.rpartition(":")
        return [(Service(port=int(port), target=f"tcp:{broker.advertise}"), host)]
    is_plain = broker.tls_certificate is None
    target = f"unix:{settings.broker_socket}" if is_plain else f"tcp:{_asked_at(broker.host)}:{broker.port}"
    return [(Service(port=broker.port, target=target), broker.host)]


def _gateway(settings: Settings) -> list[tuple[Service, str]]:
    """Offer the main origin, which is that of all apps: the gateway itself, or what stands before it."""
    main = urlsplit(settings.main_url)
    host, port = main.hostname or "localhost", main.port or (443 if settings.is_https else 80)
    is_direct = not settings.is_https and port == settings.port
    target = f"tcp:{_asked_at(settings.bind)}:{port}" if is_direct else f"tcp:{host}:{port}"
    return [(Service(port=port, target=target), host)]


def _asked_at(address: str) -> str:
    return "127.0.0.1" if address in ANY_ADDRESS else address
