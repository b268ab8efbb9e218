"""What these routes get injected."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from hothouse.environments.running.history import History
from hothouse.environments.running.levels import Levels
from hothouse.environments.running.service import Running
from hothouse.environments.running.usage import UsageReports


@dataclass(frozen=True, slots=True)
class RunningServices:
    """The services of this part, on `app.state.running`."""

    running: Running
    reports: UsageReports
    history: History
    levels: Levels


def running_services(request: Request) -> RunningServices:
    services: RunningServices = request.app.state.running
    return services


CurrentRunning = Annotated[RunningServices, Depends(running_services)]
