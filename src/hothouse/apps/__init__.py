"""Apps: manifests, releases, builds, deployments, and the reconciler that makes them run."""
