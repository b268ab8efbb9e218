"""Data sandboxes as people see them: what each app uses of its database, and which apps may read whose data."""
