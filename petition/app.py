"""The application: its doors, open on an install."""

import atexit
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection

from config import Config
from petition import cli, web
from petition.cli.plainly import plainly
from petition.core.keyring import sealing
from petition.core.keyring.installed import make_keys_if_new, require_fit
from petition.core.keyring.keys import KeyFile
from petition.core.process import close_to_others
from petition.core.storage import database
from petition.core.storage.patience import FOR_COMMANDS, Patience
from petition.safekeeping.holders import require_newest_keys
from petition.web.site.program import Program
from petition.worker import loops

ROOT = Path(__file__).parent.parent


def create_app(config: Config | None = None, patience: Patience = FOR_COMMANDS) -> Flask:
    """Return the application, its doors open and its database at hand.

    It waits for the database as long as `patience` says.

    Raises SettingError or InstallUnfit when the install cannot start as it is.
    """
    atexit.register(database.close)
    with plainly():
        if config is None:  # a process of its own, as every command is
            close_to_others()
            config = Config.from_environment()
        open_instance(config, patience)
    app = Program(
        "petition",
        root_path=str(ROOT / "petition"),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    database.init_app(app)
    web.init_app(app, config)
    app.cli.add_command(loops.make_command(config))
    cli.init_app(app, config)
    return app


def open_instance(config: Config, patience: Patience = FOR_COMMANDS) -> None:
    """Make the instance folder and its keys where they are missing; name the database.

    The database is asked nothing yet, so that a process may start while it is away; at the first
    contact it is looked at whether it belongs to the keys, and they are the newest.
    """
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    database.configure(config.database, patience)
    key_file = KeyFile(config.instance / "keys.json")
    make_keys_if_new(key_file)
    sealing.configure(key_file)
    database.look_first(_require_fit)


def _require_fit(connection: Connection) -> None:
    require_fit(connection)
    require_newest_keys(connection)
