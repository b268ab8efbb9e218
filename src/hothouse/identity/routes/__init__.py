"""HTTP routes of identity: set-up and sign-in, one's own account, API tokens, people, links."""

from hothouse.identity.device_login import routes as device_login
from hothouse.identity.factors import routes as factors
from hothouse.identity.impersonation import routes as impersonation
from hothouse.identity.passkeys import routes as passkeys
from hothouse.identity.routes import account, links, people, sign_in, tokens

PARTS = (sign_in, account, tokens, people, links, factors, passkeys, device_login, impersonation)
ROUTERS = tuple(part.router for part in PARTS)
