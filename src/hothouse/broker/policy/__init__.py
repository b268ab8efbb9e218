"""Decide on a command of a workload, and say how it is sent on.

Everything here follows the table in `commands`; a command passes only when the table, the database, the fields, the
namespaces, the cursors, the sessions and the bounds of what it asks for are all in order.
"""

from hothouse.broker.policy.deciding import check_database_name, check_stranger, plan, rule_for
from hothouse.broker.policy.plan import Plan

__all__ = ["Plan", "check_database_name", "check_stranger", "plan", "rule_for"]
