"""The hub: REST API, web UI, and the reconciler. All its state is in MongoDB and object storage."""
