"""What these routes get injected."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from hothouse.quotas.service import DatabaseQuotas, Quotas, Setting


@dataclass(frozen=True, slots=True)
class QuotaServices:
    """The services of this feature, on `app.state.quotas`."""

    checking: Quotas
    setting: Setting
    databases: DatabaseQuotas


def quota_services(request: Request) -> QuotaServices:
    services: QuotaServices = request.app.state.quotas
    return services


CurrentQuotas = Annotated[QuotaServices, Depends(quota_services)]
