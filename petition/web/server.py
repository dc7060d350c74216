"""What a WSGI server serves: `petition.web.server:application()`."""

import gc

from flask import Flask
from gunicorn.arbiter import Arbiter
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

COMPILED = ("components/", "layouts/public", "public/petitions/", "public/signing/")


def application() -> Flask:
    """Return the application, with its log on standard error."""
    config = Config.from_environment()
    close_to_others()
    start_logging(config.log_threshold)
    try:
        app = create_app(config, FOR_PAGES)
    except (InstallUnfit, OSError, SQLAlchemyError) as problem:
        fault = fault_of(problem)
        log.critical(f"The database is {fault}." if fault else str(problem))
        raise SystemExit(Arbiter.APP_LOAD_ERROR) from None  # ends the server too
    announce_from_now_on(config)
    _compile_pages(app)
    gc.collect()
    gc.freeze()  # what is there now stays: no need to look at it again and again
    gc.set_threshold(GARBAGE_THRESHOLD)
    return app


def _compile_pages(app: Flask) -> None:
    """Compile what the sign form is made of: whoever comes just after a start does not wait."""
    for name in app.jinja_env.list_templates():
        if name.startswith(COMPILED):
            app.jinja_env.get_template(name)
