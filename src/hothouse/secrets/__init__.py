"""The keys under which secrets are sealed: that they fit the database, and how they are changed."""
