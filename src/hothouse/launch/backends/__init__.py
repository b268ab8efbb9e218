"""One package per place where workloads can run."""
