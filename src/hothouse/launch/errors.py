"""Errors of the launchers.

LaunchError
├── InvalidSpecError        the workload's description cannot be used
├── DiskError               the space of a folder cannot be limited as asked, or is used up
├── IsolationMissingError   this machine cannot contain workloads as asked
└── StillRunningError       the workload must be stopped first
"""


class LaunchError(Exception):
    """A workload could not be started or handled; the message says why and what to do."""


class InvalidSpecError(LaunchError):
    """The workload's description cannot be used as it is."""


class DiskError(LaunchError):
    """The space of a folder cannot be limited as asked, or is used up."""


class IsolationMissingError(LaunchError):
    """The isolation that was asked for does not work on this machine."""


class StillRunningError(LaunchError):
    """What was asked for can only be done once the workload has ended."""
