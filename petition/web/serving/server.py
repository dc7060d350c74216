"""What a WSGI server serves: `petition.web.serving.server:application()`."""

import gc
import time

from click import ClickException
from flask import Flask, g
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers

from config import Config
from petition.app import create_app
from petition.core.errors import InstallUnfit
from petition.core.i18n import DEFAULT_LANGUAGE, LANGUAGES, own_name
from petition.core.log import fault_fields, log, start_logging
from petition.core.process import close_to_others
from petition.core.storage import database
from petition.core.storage.database import session
from petition.core.storage.database_faults import fault_of
from petition.core.storage.fitness import newest
from petition.core.storage.patience import FOR_PAGES
from petition.petitions.models import Petition
from petition.web.forms.fields import country_options
from petition.web.serving.key_announcing import announce_from_now_on

GARBAGE_THRESHOLD = 10_000
"""A request makes some thousand objects and hardly any ring of them."""

CANNOT_START = (InstallUnfit, OSError, SQLAlchemyError, ClickException)
"""The last in a process that was forked from a command."""
TRY_AGAIN_SECONDS = 10.0
COMPILED = ("components/", "layouts/panel", "layouts/public", "public/petitions/")


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
    make_ready(app)
    _meet_the_database(app, config)
    gc.collect()
    gc.freeze()  # what is there now stays: no need to look at it again and again
    gc.set_threshold(GARBAGE_THRESHOLD)
    return app


def prepare(config: Config) -> None:
    """Make ready, before any process is forked, what each would have to; leave nothing open.

    What keeps it from that keeps them from starting, and they say so. A new install's keys are
    theirs to make, for whoever they run as.
    """
    if not (config.instance / "keys.json").exists():
        return
    try:
        make_ready(create_app(config))
    except CANNOT_START:
        return
    finally:
        database.dispose()


def say_why(problem: Exception) -> None:
    """Log in a sentence why nothing can start."""
    fault = fault_of(problem)
    log.critical(f"The database is {fault}." if fault else str(problem))


def make_ready(app: Flask) -> None:
    """Do once what would be done at the first visit: whoever comes just after a start waits for it.

    Read what is ours alone, and compile what the sign form is made of. It takes no time in a
    process that is forked from one that has done it.
    """
    configure_mappers()
    newest()
    with app.app_context():
        for language in LANGUAGES:
            g.lang = language
            own_name(language)
            country_options(language)
    for name in app.jinja_env.list_templates():
        if name.startswith(COMPILED):
            app.jinja_env.get_template(name)


def _meet_the_database(app: Flask, config: Config) -> None:
    """Look at a sign form as somebody who has typed nothing: its statements are compiled then.

    The database may be away, and have no petition yet. None of it keeps a process from starting.
    """
    try:
        slug = session.scalar(select(Petition.slug).order_by(Petition.id.desc()).limit(1))
        if slug is not None:
            path = f"/{DEFAULT_LANGUAGE}/petitions/{slug}"
            with app.test_request_context(path, base_url=config.url, method="POST"):
                g.lang = DEFAULT_LANGUAGE
                app.view_functions["public.petitions.signing.sign"](
                    lang=DEFAULT_LANGUAGE, slug=slug
                )
    except Exception as fault:  # whoever comes next is told what is so
        log.info("no form to look at", extra={"fields": fault_fields(fault)})
    finally:
        session.remove()
