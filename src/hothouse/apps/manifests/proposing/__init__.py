"""Making a manifest for a source that has none: what kind of app it is, how it starts, what it needs."""
