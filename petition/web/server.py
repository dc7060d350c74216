"""What a WSGI server serves: `petition.web.server:application()`."""

from flask import Flask

from config import Config
from petition import create_app
from petition.core.log import start_logging


def application() -> Flask:
    """Return the application, with its log on standard error."""
    config = Config.from_environment()
    start_logging(config.log_threshold)
    return create_app(config)
