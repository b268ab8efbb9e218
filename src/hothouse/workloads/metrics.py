"""What is counted and measured of the platform, for Prometheus; features count, the hub's exporter tells."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

START_SECONDS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)


class Metrics(Collector):
    """Every metric of one hub, in a registry of its own."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self.active_users = Gauge("hothouse_active_users", "People whose sessions were used lately.", registry=registry)
        self.workloads = Gauge(
            "hothouse_workloads", "Workloads by what they run for, and by state.", ["kind", "state"], registry=registry
        )
        self.waiting = Gauge("hothouse_starts_waiting", "Environments that wait for their turn.", registry=registry)
        self.start_seconds = Histogram(
            "hothouse_start_seconds",
            "From the turn of a workload to its first answer.",
            ["kind"],
            buckets=START_SECONDS,
            registry=registry,
        )
        self.culls = Counter(
            "hothouse_culls", "Environments put to sleep or stopped by the platform.", ["action"], registry=registry
        )
        self.sign_ins = Counter(
            "hothouse_authentication_requests", "Attempts to sign in, by how they ended.", ["result"], registry=registry
        )
        self.cpu_percent = Gauge(
            "hothouse_workload_cpu_percent", "Processor use of workloads; 100 is one core.", ["kind"], registry=registry
        )
        self.memory_bytes = Gauge(
            "hothouse_workload_memory_bytes", "Memory that workloads use.", ["kind"], registry=registry
        )
        self.promised_bytes = Gauge(
            "hothouse_promised_memory_bytes", "Memory that is promised to workloads.", registry=registry
        )
        self.capacity_bytes = Gauge(
            "hothouse_capacity_memory_bytes", "Memory that may be promised to workloads.", registry=registry
        )
        self.storage_bytes = Gauge("hothouse_workspace_bytes", "What all workspaces take up.", registry=registry)
        self.disk_free_bytes = Gauge(
            "hothouse_disk_free_bytes", "Free space where the installation's data is.", registry=registry
        )

    def collect(self) -> Iterable[Metric]:
        return self._registry.collect()
