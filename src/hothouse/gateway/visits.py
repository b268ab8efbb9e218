"""What is known about a request to an app's origin."""

from dataclasses import dataclass

from hothouse.gateway.admission import Decision
from hothouse.gateway.credentials import Credential
from hothouse.gateway.site import Place
from hothouse.gateway.table import Route


@dataclass(slots=True)
class Visit:
    """The context of an exchange with an app. `decision` is the one under which it is, or was, let in."""

    place: Place
    credential: Credential | None
    route: Route | None = None
    decision: Decision | None = None
    is_counted: bool = False

    @property
    def acts_by(self) -> Credential | None:
        """The credential in whose holder's name the app is asked; `None` where it is asked in nobody's."""
        return self.credential if self.decision is not None and self.decision.is_known_person else None
