"""`python -m hothouse.cli`."""

from hothouse.cli import app

app(prog_name="hothouse")
