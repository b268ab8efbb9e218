"""HTTP routes of signing in by OpenID Connect: for strangers, for providers, and on one's own account."""

from hothouse.oidc.routes import account, sign_in

ROUTERS = (sign_in.router, account.router)
