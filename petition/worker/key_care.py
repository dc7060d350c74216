"""The part of a worker that looks after the keys: says which it holds, and changes them in time."""

import threading
from datetime import timedelta

from config import Config
from petition.audit.noting import ITSELF
from petition.core.clock import now
from petition.core.keyring.keys import RELOAD_SECONDS
from petition.core.log import log
from petition.core.storage import sqlite_file
from petition.core.storage.database import engine, is_sqlite, transaction
from petition.safekeeping import rotation
from petition.safekeeping.holders import announce
from petition.safekeeping.resealing import reseal
from petition.safekeeping.rotation import NotNow, Step


class KeyCare:
    """Lets nothing that was erased open for longer than the privacy page says."""

    def __init__(self, config: Config, stopped: threading.Event) -> None:
        self.config = config
        self._stopped = stopped

    def announce(self) -> bool:
        """Say which keys this host holds."""
        with transaction():
            announce(now())
        return False

    def change_in_time(self) -> bool:
        """Take the step of a change of keys that is due, if one is."""
        if self.config.key_days == 0:
            return False
        try:
            done = rotation.step(
                ITSELF,
                timedelta(days=self.config.key_days),
                timedelta(days=self.config.backup_days),
                self._may_go_on,
            )
        except NotNow:
            return False
        if done != Step.NOTHING:
            log.info(done.value)
        if done == Step.CHANGED and not self._stopped.wait(RELOAD_SECONDS + 1):
            self._seal_anew()
        return False

    def leave_no_traces(self) -> bool:
        """Empty SQLite's log: what was erased stands in it too."""
        if is_sqlite():
            sqlite_file.empty_log(engine())
        return False

    def _seal_anew(self) -> None:
        for column in reseal(self._may_go_on):
            if column.broken:
                fields = {"column": column.column, "rows": column.broken}
                log.error("rows do not open with the keys in use", extra={"fields": fields})

    def _may_go_on(self) -> bool:
        return not self._stopped.is_set()
