"""The verbs of the second factor: setting it up, using it, and signing in by way of it."""

from hothouse.identity.factors.service.factors import Factors
from hothouse.identity.factors.service.policy import Policy
from hothouse.identity.factors.service.sign_in import Asked, Opened, Outcome, Proof, SignIn

__all__ = ["Asked", "Factors", "Opened", "Outcome", "Policy", "Proof", "SignIn"]
