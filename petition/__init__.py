"""Petition: signatures and letters that urge governments to close gaps in sanctions.

To touch this package costs nothing: what it is made of is loaded by `petition.app`.
"""

from typing import Any


def __getattr__(name: str) -> Any:
    """Let `flask --app petition` find what builds the application."""
    if name == "create_app":
        from petition.app import create_app  # noqa: PLC0415 - the whole product, for whoever asks

        return create_app
    raise AttributeError(name)
