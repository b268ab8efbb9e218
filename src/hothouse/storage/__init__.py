"""Object storage: source archives and everything else that is a file, kept by key."""
