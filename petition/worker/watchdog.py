"""Ends the worker where one of its loops stands still, so that whoever watches starts it again."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from petition.core.log import log, thread_fields

STUCK_SECONDS = 300.0
"""Longer than any wait of ours: each of those has a limit of its own."""
LOOK_SECONDS = 5.0


class Watchdog:
    """Knows since when each thread at work has not moved."""

    def __init__(self, stuck_seconds: float = STUCK_SECONDS) -> None:
        self.stuck_seconds = stuck_seconds
        self._moved_at: dict[int, float] = {}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Watch over this thread until its work is done."""
        thread = threading.get_ident()
        self._moved_at[thread] = time.monotonic()
        try:
            yield
        finally:
            del self._moved_at[thread]

    def moved(self) -> None:
        """Note that this thread gets on, where it is at work."""
        thread = threading.get_ident()
        if thread in self._moved_at:
            self._moved_at[thread] = time.monotonic()

    def count_statements(self, engine: Engine) -> None:
        """Take each statement that the database has answered for a move."""
        event.listen(engine, "after_cursor_execute", lambda *_: self.moved())

    def start(self) -> None:
        """Begin to watch; ends this process at once, with a line in the log, when need be."""
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def _watch(self) -> None:
        while (thread := self.stuck()) is None:
            time.sleep(min(LOOK_SECONDS, self.stuck_seconds / 4))
        fields = {"seconds": self.stuck_seconds, **thread_fields(thread)}
        log.error("a loop is stuck; the worker ends", extra={"fields": fields})
        os._exit(os.EX_SOFTWARE)

    def stuck(self) -> int | None:
        """Return the identity of a thread that has not moved for too long."""
        moment = time.monotonic()
        threads = [
            thread
            for thread, moved_at in list(self._moved_at.items())
            if moment - moved_at > self.stuck_seconds
        ]
        return threads[0] if threads else None
