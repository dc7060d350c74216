"""A web server process says now and then which keys its host holds."""

import threading
import time
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from config import Config
from petition.core.clock import now
from petition.core.errors import InstallUnfit
from petition.core.keyring.journal import journal
from petition.core.keyring.keys import KeysUnreadable
from petition.core.storage.database import is_sqlite, session, transaction
from petition.safekeeping.holders import ANNOUNCE_SECONDS, announce


def announce_from_now_on(config: Config) -> None:
    """Do so in a thread of its own. A SQLite file has one host, and so one key file."""
    if not is_sqlite():
        threading.Thread(target=_announce, args=(config,), daemon=True).start()


def _announce(config: Config) -> None:
    while True:
        try:
            with transaction():
                announce(now())
            journal().purge(now() - timedelta(days=config.backup_days))
        except (SQLAlchemyError, InstallUnfit, KeysUnreadable, OSError):
            pass  # others say that the database is away, and the next time is near
        finally:
            session.remove()
        time.sleep(ANNOUNCE_SECONDS)
