"""What a workload finds of the platform in a network of its own, by the settings."""

from typing import Any

import pytest

from hothouse.launch.interfaces import Service
from hothouse.settings import Settings
from hothouse.workloads.networks import address_of, network_at, reserved_ports


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)


class TestNetworkAt:
    def test_broker_by_its_socket_and_gateway_by_its_port(self) -> None:
        made = settings()
        network = network_at(made, 20_000)
        assert network.services == (
            Service(port=27080, target=f"unix:{made.broker_socket}"),
            Service(port=8000, target="tcp:127.0.0.1:8000"),
        )
        assert set(network.names) == {"127.0.0.1", "localhost", ".apps.localhost", ".localhost"}
        assert reserved_ports(made) == {27080, 8000}

    def test_broker_whose_socket_is_mounted(self) -> None:
        network = network_at(settings(broker={"transport": "unix"}), 20_000)
        assert [service.port for service in network.services] == [8000]

    @pytest.mark.parametrize(
        ("broker", "target", "name"),
        [
            ({"advertise": "db.lab.example:27099"}, "tcp:db.lab.example:27099", "db.lab.example"),
            (
                {"host": "0.0.0.0", "port": 27099, "tls_certificate": "c", "tls_key": "k"},
                "tcp:127.0.0.1:27099",
                "0.0.0.0",
            ),
            ({"host": "10.0.0.5", "port": 27099}, None, "10.0.0.5"),
        ],
        ids=["advertised", "by TLS", "at an address"],
    )
    def test_broker_elsewhere(self, broker: dict[str, Any], target: str | None, name: str) -> None:
        made = settings(broker=broker)
        network = network_at(made, 20_000)
        assert network.services[0] == Service(port=27099, target=target or f"unix:{made.broker_socket}")
        assert name in network.names

    def test_behind_a_proxy(self) -> None:
        """Apps call each other at the public address, which leads to whatever stands there."""
        network = network_at(settings(origin="https://lab.example.org", domain="apps.lab.example.org"), 20_000)
        assert network.services[1] == Service(port=443, target="tcp:lab.example.org:443")
        assert {"lab.example.org", ".apps.lab.example.org"} <= set(network.names)

    def test_gateway_at_every_address(self) -> None:
        made = settings(bind="0.0.0.0", origin="http://lab.example.org:8000")
        assert network_at(made, 20_000).services[1] == Service(port=8000, target="tcp:127.0.0.1:8000")


class TestAddressOf:
    @pytest.mark.parametrize(
        ("workload", "address"),
        [
            ({"port": 20_000, "endpoint": "unix:/run/door.sock"}, "unix:/run/door.sock"),
            ({"port": 20_000, "endpoint": "tcp:127.0.0.1:20000"}, "http://127.0.0.1:20000"),
            ({"port": 20_000}, "http://127.0.0.1:20000"),
        ],
        ids=["socket", "port", "of an older version"],
    )
    def test_as_gateways_are_told(self, workload: dict[str, Any], address: str) -> None:
        assert address_of(workload) == address
