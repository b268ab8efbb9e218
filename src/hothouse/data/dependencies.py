"""What data routes get injected."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from hothouse.data.service import DataContext, Decisions, Overviews, Presenter, Requests


@dataclass(frozen=True, slots=True)
class DataServices:
    """The services of this feature, on `app.state.data`."""

    context: DataContext
    decisions: Decisions
    overviews: Overviews
    requests: Requests

    @classmethod
    def make(cls, context: DataContext) -> "DataServices":
        present = Presenter(context)
        return cls(
            context=context,
            decisions=Decisions(context, present),
            overviews=Overviews(context, present),
            requests=Requests(context, present),
        )


def data_services(request: Request) -> DataServices:
    services: DataServices = request.app.state.data
    return services


Data = Annotated[DataServices, Depends(data_services)]
