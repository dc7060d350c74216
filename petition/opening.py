"""An install that is opened: its folder, its keys, and the database that they belong to."""

from sqlalchemy import Connection

from config import Config
from petition.core.keyring import sealing
from petition.core.keyring.installed import make_keys_if_new, require_fit
from petition.core.keyring.keys import KeyFile
from petition.core.storage import database
from petition.core.storage.patience import FOR_COMMANDS, Patience
from petition.safekeeping.holders import require_newest_keys


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
