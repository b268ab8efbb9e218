"""What was used: as series to plot, and as a table to take away."""

import csv
import io
from collections import defaultdict
from datetime import timedelta
from typing import Literal

from hothouse.database.connection import Document
from hothouse.environments.admission.room import Capacity
from hothouse.environments.running.repository import CAPACITY, HistoryRepository
from hothouse.environments.running.schemas import Capacities, CapacityPoint, Grain, UsagePoint, UsageSeries
from hothouse.identity.service import Accounts
from hothouse.kit.clock import Clock

AMOUNTS = ("cpu_hours", "memory_gib_hours", "workload_hours")
COLUMNS = ("at", "person", "email", "what", *AMOUNTS)
By = Literal["person", "what"]


class UsageReports:
    """Tells what was used."""

    def __init__(self, history: HistoryRepository, accounts: Accounts, capacity: Capacity, clock: Clock) -> None:
        self._history = history
        self._accounts = accounts
        self._capacity = capacity
        self._clock = clock

    async def series(self, grain: Grain, by: By, hours: float) -> list[UsageSeries]:
        """Return what each person used, or what was used of each template and by each app; who used most is first."""
        sums: dict[str, dict[str, Document]] = defaultdict(dict)
        names: dict[str, str] = {}
        for one in await self._since(grain, "use", hours):
            key = (one["owner_id"] or "") if by == "person" else one["what"]
            names[key] = one["name"]
            point = sums[key].setdefault(one["at"].isoformat(), {"at": one["at"], **dict.fromkeys(AMOUNTS, 0.0)})
            for amount in AMOUNTS:
                point[amount] += one[amount]
        if by == "person":
            people = await self._accounts.get_many(set(names) - {""})
            names = {key: people[key].name if key in people else "(nobody any more)" for key in names}
        series = [
            UsageSeries(key=key, name=names[key], points=[UsagePoint(**point) for point in points.values()])
            for key, points in sums.items()
        ]
        return sorted(series, key=lambda one: -sum(point.cpu_hours for point in one.points))

    async def table(self, grain: Grain, hours: float) -> str:
        """Return it as CSV, a row for each person, thing and time."""
        found = await self._since(grain, "use", hours)
        people = await self._accounts.get_many({one["owner_id"] for one in found if one["owner_id"]})
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for one in found:
            person = people.get(one["owner_id"] or "")
            said = [person.name if person else "", person.email if person else "", one["name"]]
            amounts = [f"{one[amount]:.6f}" for amount in AMOUNTS]
            writer.writerow([one["at"].isoformat(), *map(_harmless, said), *amounts])
        return out.getvalue()

    async def capacity(self, grain: Grain, hours: float) -> Capacities:
        """Return how much may be promised, and how much was."""
        whole = self._capacity.whole
        fields = list(CapacityPoint.model_fields)
        points = [
            CapacityPoint(**{key: one[key] for key in fields}) for one in await self._since(grain, CAPACITY, hours)
        ]
        return Capacities(cpu=whole.cpu, memory_bytes=whole.memory_bytes, gpus=whole.gpus, points=points)

    async def _since(self, grain: Grain, kind: str, hours: float) -> list[Document]:
        return await self._history.since(grain, kind, self._clock.now() - timedelta(hours=hours))


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
