"""Connections to MongoDB, the embedded server, indexes, migrations, leases."""
