"""What a machine offers to Hothouse: `examine` looks, `hothouse doctor` prints."""

from hothouse.doctor.report import Report, examine

__all__ = ["Report", "examine"]
