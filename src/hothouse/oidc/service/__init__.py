"""The verbs of signing in by OpenID Connect: begin, finish, link, sign out."""

from hothouse.oidc.service.admission import Admission
from hothouse.oidc.service.flows import Flows
from hothouse.oidc.service.linking import Linking
from hothouse.oidc.service.memberships import Memberships
from hothouse.oidc.service.providers import Providers
from hothouse.oidc.service.sign_in import SignIn
from hothouse.oidc.service.sign_out import SignOut

__all__ = ["Admission", "Flows", "Linking", "Memberships", "Providers", "SignIn", "SignOut"]
