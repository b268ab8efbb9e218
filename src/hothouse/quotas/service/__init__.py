"""The verbs of quotas: set, check, and tell the broker."""

from hothouse.quotas.service.checking import Quotas
from hothouse.quotas.service.databases import DatabaseQuotas
from hothouse.quotas.service.rules import Rules
from hothouse.quotas.service.setting import Setting

__all__ = ["DatabaseQuotas", "Quotas", "Rules", "Setting"]
