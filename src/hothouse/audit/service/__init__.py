"""The verbs of the audit record: write, search, check, and let go of what is old."""

from hothouse.audit.service.drafts import PLATFORM, Draft
from hothouse.audit.service.recorder import Audit
from hothouse.audit.service.search import AuditSearch, Wanted

__all__ = ["PLATFORM", "Audit", "AuditSearch", "Draft", "Wanted"]
