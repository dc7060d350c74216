"""What an error of the database means: that it cannot serve us now, or that we asked nonsense.

Sources: https://www.postgresql.org/docs/current/errcodes-appendix.html and
https://www.sqlite.org/rescode.html (the primary code is the lowest byte).
"""

import sqlite3
from enum import StrEnum

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from petition.core.log import fault_fields
from petition.core.seldom import Seldom

OF_A_DATABASE = (SQLAlchemyError, sqlite3.Error, psycopg.Error)
"""What a driver raises, with SQLAlchemy around it and without."""


class Fault(StrEnum):
    """Why a database cannot serve us."""

    AWAY = "away"
    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read-only"
    BROKEN = "broken"
    FORBIDDEN = "forbidden"


_POSTGRES_STATES = {
    "25006": Fault.READ_ONLY,
    "42501": Fault.FORBIDDEN,  # our user may not
    "53100": Fault.FULL,
    "57014": Fault.BUSY,
}
_POSTGRES_CLASSES = {
    "08": Fault.AWAY,  # connection exception
    "25": Fault.AWAY,  # transaction in a state that lets nothing be done
    "40": Fault.BUSY,  # rolled back for the sake of another
    "53": Fault.BUSY,  # insufficient resources
    "55": Fault.BUSY,  # a lock not available
    "57": Fault.AWAY,  # operator intervention
    "58": Fault.AWAY,  # system error
    "XX": Fault.BROKEN,  # internal error, data corrupted
}
_OUR_MISTAKE = {"25P02"}  # a statement after one that failed
_SQLITE_CODES = {
    5: Fault.BUSY,
    6: Fault.BUSY,  # locked
    7: Fault.BUSY,  # no memory
    8: Fault.READ_ONLY,
    9: Fault.BUSY,  # interrupted
    10: Fault.AWAY,  # the disk fails
    11: Fault.BROKEN,
    13: Fault.FULL,
    14: Fault.AWAY,  # cannot be opened
    15: Fault.BUSY,  # locking protocol
    22: Fault.AWAY,  # large files are not supported here
    26: Fault.BROKEN,  # not a database
}


def fault_of(error: BaseException) -> Fault | None:
    """Return why the database cannot serve us, or None where the mistake is in what we asked.

    What a driver raises means the same with SQLAlchemy around it and without.
    """
    if isinstance(error, PoolTimeout):
        return Fault.BUSY  # no connection of the pool became free
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return Fault.AWAY
    said = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(said, sqlite3.Error) and not isinstance(said, sqlite3.IntegrityError):
        return _of_sqlite(said)
    if isinstance(said, psycopg.Error) and not isinstance(said, psycopg.IntegrityError):
        return _of_postgres(said)
    return None


def _of_sqlite(error: sqlite3.Error) -> Fault | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:  # we have said it ourselves, of a file that is not there
        return Fault.AWAY if isinstance(error, sqlite3.OperationalError) else None
    return _SQLITE_CODES.get(code & 0xFF)


def _of_postgres(error: psycopg.Error) -> Fault | None:
    state = error.sqlstate
    if state is None:  # no server has said it: the connection was lost or never made
        return Fault.AWAY if isinstance(error, psycopg.OperationalError) else None
    if state in _OUR_MISTAKE:
        return None
    return _POSTGRES_STATES.get(state) or _POSTGRES_CLASSES.get(state[:2])


_told = Seldom()


def log_database_fault(error: BaseException) -> None:
    """Log that the database cannot serve us: at once, then once a minute while it goes on."""
    fault = fault_of(error)
    fields = {"fault": fault, **fault_fields(error)} if fault else fault_fields(error)
    _told.log_error("database fault", str(fault), fields)
