"""The application: its doors, open on an install."""

import atexit
from pathlib import Path

from flask import Flask

from config import Config
from petition import cli, web
from petition.cli.plainly import plainly
from petition.core.process import close_to_others
from petition.core.storage import database
from petition.core.storage.patience import FOR_COMMANDS, Patience
from petition.opening import open_instance
from petition.web.site.program import Program

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
    cli.init_app(app, config)
    return app
