"""What a WSGI server serves: `petition.web.server:application()`."""

import gc
import time

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from petition import create_app
from petition.core.database_faults import fault_of
from petition.core.errors import InstallUnfit
from petition.core.log import log, start_logging
from petition.core.patience import FOR_PAGES
from petition.core.process import close_to_others
from petition.web.key_announcing import announce_from_now_on

GARBAGE_THRESHOLD = 10_000
"""A request makes some thousand objects and hardly any ring of them."""

CANNOT_START = (InstallUnfit, OSError, SQLAlchemyError)
TRY_AGAIN_SECONDS = 10.0
COMPILED = ("components/", "layouts/public", "public/petitions/", "public/signing/")


def application() -> Flask:
    """Return the application, with its log on standard error."""
    config = Config.from_environment()
    close_to_others()
    start_logging(config.log_threshold)
    try:
        app = create_app(config, FOR_PAGES)
    except CANNOT_START as problem:
        say_why(problem)
        time.sleep(TRY_AGAIN_SECONDS)  # Gunicorn starts another at once; the others go on
        raise SystemExit(1) from None
    announce_from_now_on(config)
    _compile_pages(app)
    gc.collect()
    gc.freeze()  # what is there now stays: no need to look at it again and again
    gc.set_threshold(GARBAGE_THRESHOLD)
    return app


def say_why(problem: Exception) -> None:
    """Log in a sentence why nothing can start."""
    fault = fault_of(problem)
    log.critical(f"The database is {fault}." if fault else str(problem))


def _compile_pages(app: Flask) -> None:
    """Compile what the sign form is made of: whoever comes just after a start does not wait."""
    for name in app.jinja_env.list_templates():
        if name.startswith(COMPILED):
            app.jinja_env.get_template(name)
