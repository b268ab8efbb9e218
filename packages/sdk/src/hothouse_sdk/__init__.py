"""The SDK that Hothouse apps import."""
