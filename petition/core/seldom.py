"""Logs what happens again and again once a minute, with how often it was."""

import threading
import time

from petition.core.log import log

PAUSE_SECONDS = 60.0


class Seldom:
    """Events of a few kinds: the first is logged at once, those of the next minute are counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unsaid: dict[str, tuple[float, int]] = {}

    def log_error(self, event: str, kind: str, fields: dict[str, object]) -> None:
        """Log it, or count it. `kind` is one of few."""
        moment = time.monotonic()
        with self._lock:
            said_at, unsaid = self._unsaid.get(kind, (moment - PAUSE_SECONDS, 0))
            if moment - said_at < PAUSE_SECONDS:
                self._unsaid[kind] = (said_at, unsaid + 1)
                return
            self._unsaid[kind] = (moment, 0)
        if unsaid:
            fields = {**fields, "times_more": unsaid}
        log.error(event, extra={"fields": fields})
