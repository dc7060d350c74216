"""The settings of the install, for views."""

from typing import cast

from flask import current_app

from config import Config


def settings() -> Config:
    """Return the settings of the application that answers this request."""
    return cast("Config", current_app.config["PETITION"])
