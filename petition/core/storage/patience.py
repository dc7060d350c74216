"""How long a process waits for its database, and what it does while the database is silent.

Every wait ends. PostgreSQL ends waits for locks and long statements itself; where no answer comes
at all (a firewall or a frozen host swallows it), we end the wait on our side and close the
connection. From then on the database counts as away: one caller tries it now and then, and all
others fail at once, so that no thread is bound for long and the log says it once.
"""

import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from petition.core.log import log

CONNECT_SECONDS = 5
ON_ITS_WAY = 3.0
"""Seconds that an answer may take, beside those of its statement."""
UNHURRIED_SECONDS = 600.0
"""How long we wait for the answer to a statement that may take its time."""
TRY_AGAIN_SECONDS = 0.5
WAS_IDLE = "was idle"
AS_WE_READ = ("timezone=UTC", "datestyle=ISO")
"""How PostgreSQL is to write what we read as text."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a kind of process waits, in seconds, and how many connections it may open.

    A process opens at most `connections` and as many again while it is busy. With the defaults
    that is 12 for each web server process, 12 for each worker and 4 for each command: two web
    server processes and a worker need 36, and some more for commands. PostgreSQL's own default
    limit is 100.
    """

    lock: float
    """For a lock that another transaction holds in PostgreSQL."""
    busy: float
    """For SQLite, while another process writes."""
    statement: float | None
    connections: int = 6
    pool: float = 3.0
    """How long to wait for one of the process's own connections to be free."""

    @property
    def answer(self) -> float | None:
        """How long to wait for the answer to a statement."""
        return None if self.statement is None else self.statement + ON_ITS_WAY

    def to_postgres(self) -> dict[str, object]:
        """Return the arguments with which a connection to PostgreSQL is opened."""
        limits = [f"lock_timeout={_ms(self.lock)}", f"statement_timeout={_ms(self.statement)}"]
        return {
            "connect_timeout": CONNECT_SECONDS,
            "keepalives": 1,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "options": " ".join(f"-c {setting}" for setting in (*AS_WE_READ, *limits)),
        }


def _ms(seconds: float | None) -> int:
    return round((seconds or 0) * 1000)


FOR_PAGES = Patience(lock=3.0, busy=5.0, statement=15.0)
"""Somebody waits in front of a screen, and a thread that waits serves nobody else."""
FOR_WORK = Patience(lock=10.0, busy=15.0, statement=15.0, pool=15.0)
"""Nobody waits; what did not work is done again a moment later."""
FOR_COMMANDS = Patience(lock=30.0, busy=30.0, statement=None, connections=2, pool=30.0)
"""An operator waits, and can press Ctrl-C."""


class Silent(psycopg.OperationalError):
    """No answer came from the database in time."""


class StillAway(psycopg.OperationalError):
    """The database was away a moment ago, and somebody else is trying it."""


class Outage:
    """Whether the database is away."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._away_since: float | None = None
        self._is_being_tried = False
        self._next_try = 0.0

    def note(self) -> None:
        """Note that no answer came."""
        with self._lock:
            self._away_since = self._away_since or time.monotonic()
            self._next_try = time.monotonic() + TRY_AGAIN_SECONDS

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Try to connect. Raises StillAway where it was away and it is not our turn to try."""
        with self._lock:
            if self._away_since is not None:
                if self._is_being_tried or time.monotonic() < self._next_try:
                    raise StillAway("the database is away")
                self._is_being_tried = True
        try:
            yield
        except psycopg.OperationalError:
            self.note()
            raise
        else:
            self._end()
        finally:
            self._is_being_tried = False

    def _end(self) -> None:
        with self._lock:
            since, self._away_since = self._away_since, None
        if since is not None:
            fields = {"away_s": round(time.monotonic() - since, 1)}
            log.warning("database answers again", extra={"fields": fields})


class BoundedConnection(psycopg.Connection[Any]):
    """A connection on which no answer is waited for without end."""

    outage: Outage
    answer_within: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer; closes the connection and raises Silent when it does not come."""
        try:
            return super().wait(gen, interval, timeout or self.answer_within)
        except _WaitTimeout:
            self.pgconn.finish()  # without a word to the server, which would be waited for
            self.outage.note()
            raise Silent("no answer came from the database") from None

    def was_cut(self) -> bool:
        """Whether the server has closed it while nobody used it; the server is not asked."""
        waiting = select.poll()
        try:
            waiting.register(self.fileno(), select.POLLIN)
            while waiting.poll(0):
                self.pgconn.consume_input()
        except psycopg.OperationalError:
            return True
        return False

    def take_time(self) -> None:
        """Wait longer for what follows, until the connection is given back."""
        if self.answer_within is not None:
            self.answer_within = UNHURRIED_SECONDS


def limit(engine: Engine, patience: Patience) -> None:
    """Let no connection of this engine wait longer than `patience` allows."""
    outage = Outage()

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, cargs: Any, cparams: Any) -> BoundedConnection:
        with outage.trying():
            opened = BoundedConnection.connect(*cargs, **cparams)
        opened.outage = outage
        opened.answer_within = patience.answer
        return opened

    @event.listens_for(engine, "checkout")
    def refuse_one_that_was_cut(connection: BoundedConnection, record: Any, _fairy: Any) -> None:
        if record.info.get(WAS_IDLE) and connection.was_cut():
            raise DisconnectionError("the database has ended this connection")

    @event.listens_for(engine, "checkin")
    def hurry_again(connection: BoundedConnection | None, record: Any) -> None:
        if connection is not None:
            connection.answer_within = patience.answer
            record.info[WAS_IDLE] = True  # a new one has an error of its own to say
