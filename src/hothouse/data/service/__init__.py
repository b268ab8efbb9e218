"""The verbs of data: show, decide, take back, limit, list what waits."""

from hothouse.data.service.context import DataContext
from hothouse.data.service.decisions import Decisions
from hothouse.data.service.overview import Overviews
from hothouse.data.service.present import Presenter
from hothouse.data.service.requests import Requests

__all__ = ["DataContext", "Decisions", "Overviews", "Presenter", "Requests"]
