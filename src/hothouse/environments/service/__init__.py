"""The verbs of environments."""

from hothouse.environments.service.context import EnvironmentsContext
from hothouse.environments.service.control import Control
from hothouse.environments.service.presenting import Presenter
from hothouse.environments.service.saving import Saver
from hothouse.environments.service.starting import Starter

__all__ = ["Control", "EnvironmentsContext", "Presenter", "Saver", "Starter"]
