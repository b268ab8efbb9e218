"""Making what admins see of everything that runs."""

from hothouse.apps.service import AppsContext
from hothouse.database.connection import Database
from hothouse.environments.running.dependencies import RunningServices
from hothouse.environments.running.history import History
from hothouse.environments.running.levels import Levels
from hothouse.environments.running.repository import HistoryRepository, NoticesRepository
from hothouse.environments.running.service import Running
from hothouse.environments.running.usage import UsageReports
from hothouse.environments.service import EnvironmentsContext


def make_running(apps: AppsContext, environments: EnvironmentsContext, database: Database) -> RunningServices:
    """Make it of apps and environments."""
    history = HistoryRepository(database)
    running = Running(apps, environments, NoticesRepository(database))
    return RunningServices(
        running=running,
        reports=UsageReports(history, apps.accounts, environments.capacity, apps.clock),
        history=History(history, running, environments.environments.queue, apps.clock),
        levels=Levels(environments),
    )
