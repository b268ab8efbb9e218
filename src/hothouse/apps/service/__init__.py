"""The verbs of apps: upload, deploy, control, configure, delete, read."""

from hothouse.apps.service.context import AppsContext
from hothouse.apps.service.control import AppControl
from hothouse.apps.service.deploy import Deployer
from hothouse.apps.service.present import Presenter
from hothouse.apps.service.reading import Reader
from hothouse.apps.service.settings import AppConfigurator
from hothouse.apps.service.uploads import Uploads

__all__ = ["AppConfigurator", "AppControl", "AppsContext", "Deployer", "Presenter", "Reader", "Uploads"]
