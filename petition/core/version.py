"""Which version of the product this is."""

VERSION = "0.1.0"
"""As pyproject.toml has it."""
