"""The Flask application, without what none of our pages needs."""

from collections.abc import Callable
from typing import Any

from flask import Flask


class Program(Flask):
    """An application all of whose views and hooks are plain functions."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function: to look anew whether it waits is work for each of ten, each time."""
        return func
