"""Running workloads: the `Launcher` protocol, its backends, and what this machine can contain."""
