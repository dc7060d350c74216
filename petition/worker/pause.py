"""How long a worker waits for a mail server that is away: longer each time, until it is back."""

import threading

from petition.core.log import log

FIRST_WAIT_FOR_SERVER, LONGEST_WAIT_FOR_SERVER = 1.0, 30.0
"""In seconds."""


class ServerPause:
    """The pause of one loop."""

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._seconds = 0.0

    def end(self) -> None:
        """Note that the server has answered."""
        self._seconds = 0.0

    def wait(self, fault: str) -> None:
        """Say that the server is away, and wait, or until the worker is told to stop."""
        self._seconds = min(max(FIRST_WAIT_FOR_SERVER, self._seconds * 2), LONGEST_WAIT_FOR_SERVER)
        fields = {"fault": fault, "pause_s": self._seconds}
        log.warning("mail server unreachable", extra={"fields": fields})
        self._stopped.wait(self._seconds)
