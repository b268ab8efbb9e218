"""Errors of the launchers.

LaunchError
├── InvalidSpec        the workload's description cannot be used
├── IsolationMissing   this machine cannot contain workloads as asked
└── StillRunning       the workload must be stopped first
"""


class LaunchError(Exception):
    """A workload could not be started or handled; the message says why and what to do."""


class InvalidSpec(LaunchError):
    """The workload's description cannot be used as it is."""


class IsolationMissing(LaunchError):
    """The isolation that was asked for does not work on this machine."""


class StillRunning(LaunchError):
    """What was asked for can only be done once the workload has ended."""
