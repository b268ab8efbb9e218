"""Start scripts that are copied into every environment and run there, outside of Hothouse."""
