"""A connection as the web server's worker sees it: what it is at, and until when."""

from enum import Enum, auto
from typing import Any

from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn

from petition.web.serving.lines import Line


class Phase(Enum):
    """What a connection is at."""

    IDLE = auto()
    ASKING = auto()
    AT_WORK = auto()
    ANSWERED = auto()
    LINGERING = auto()
    GONE = auto()


ASKS_NOTHING = {Phase.IDLE, Phase.LINGERING}


class Visit(TConn):
    """A connection as the worker sees it."""

    sock: Line

    def __init__(self, cfg: Any, line: Line, client: Any, server: Any) -> None:
        super().__init__(cfg, line, client, server)
        self.data_ready = True  # a thread gets it only then
        self.phase = Phase.IDLE
        self.deadline = 0.0
        self.thread = 0
        self.discarded = 0
        self.stays = True
        """Whether another request may follow."""

    def init(self) -> None:
        """Begin to read requests."""
        if self.parser is None:
            self.parser = get_parser(self.cfg, self.sock, self.client)
        self.initialized = True

    def close(self, graceful: bool = False) -> None:
        """Let the connection go. It has lingered already."""
        self.sock.close()
