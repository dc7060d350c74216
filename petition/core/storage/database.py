"""The database: one engine and one session for each thread; SQLite or PostgreSQL.

Read with `session`; write inside `with transaction():`. On SQLite a transaction takes the write
lock at its start (BEGIN IMMEDIATE), so that it never fails half-way for having read first. What
only reads begins none on PostgreSQL: in one it would see the same (READ COMMITTED). A connection
to it lies ready for that, in AUTOCOMMIT, and is put into another mode only to write.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from threading import RLock
from typing import TYPE_CHECKING, cast

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    PoolProxiedConnection,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session, sessionmaker

from petition.core import clock
from petition.core.errors import InstallUnfit
from petition.core.storage import sqlite_file
from petition.core.storage.database_faults import Fault, fault_of
from petition.core.storage.database_time import keep_its_time
from petition.core.storage.patience import FOR_COMMANDS, Patience, limit

if TYPE_CHECKING:
    from flask import Flask

Insert = postgresql.Insert | sqlite.Insert
Look = Callable[[Connection], None]
READING = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
WRITING = {"isolation_level": "READ COMMITTED"}
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table inherits."""

    metadata = MetaData(naming_convention=NAMES)


class _Session(Session):
    def close(self) -> None:
        """Give the connection back. One that breaks only now has done its work."""
        with suppress(DBAPIError):
            super().close()


_maker: sessionmaker[Session] = sessionmaker(class_=_Session, expire_on_commit=False)
session: scoped_session[Session] = scoped_session(_maker)
_engine: Engine | None = None
_at_first_contact: Look | None = None
_meeting = RLock()
_is_meeting = False
_may_be_saved: ContextVar[bool] = ContextVar("may_be_saved", default=False)


def configure(url: str, patience: Patience = FOR_COMMANDS) -> Engine:
    """Use the database at this SQLAlchemy URL in this process; the one before is let go.

    Nothing is asked of the database yet.
    Raises InstallUnfit when the URL is none that we can use.
    """
    global _engine, _at_first_contact
    dispose()
    _at_first_contact = None
    try:
        _engine = _engine_at(url, patience)
    except (ArgumentError, ImportError, ValueError):
        raise InstallUnfit(
            "DATABASE_URL cannot be used. It must look like this: "
            "postgresql://user:password@host/name"
        ) from None
    clock.forget()
    _maker.configure(bind=_engine)
    return _engine


def look_first(look: Look, *, instead: bool = False) -> None:
    """Let `look` see the database at the next contact; while it raises, every contact does.

    `instead` of a look that is still to come, where one is.
    """
    global _at_first_contact
    _at_first_contact = look if not instead or _at_first_contact else None


@lru_cache(maxsize=8)
def _engine_at(url: str, patience: Patience) -> Engine:
    """Return the engine for a database: the one it had before, with its statements compiled."""
    is_embedded = make_url(url).get_backend_name() == "sqlite"
    made = create_engine(
        url,
        pool_size=patience.connections,
        pool_use_lifo=True,  # few connections whose server processes stay warm
        pool_recycle=300,  # what lies idle for hours may have been cut off on its way
        pool_timeout=patience.pool,
        max_overflow=patience.connections,  # a streamed export holds a connection of its own
        hide_parameters=True,  # an error may be printed, a person may not
        connect_args={} if is_embedded else patience.to_postgres(),
        **({} if is_embedded else READING),
    )
    if is_embedded:
        sqlite_file.prepare(made, patience.busy)
    else:
        limit(made, patience)
    event.listen(made, "checkout", lambda _driver, _record, lent: _meet(made, lent))
    keep_its_time(made)
    return made


def _meet(met: Engine, lent: PoolProxiedConnection) -> None:
    """Let the first look at the database come before everything else, on the connection lent.

    Like all that looks at every connection, it does so in the pool: an engine that somebody
    listens to takes a third longer for each statement.
    """
    global _at_first_contact, _is_meeting
    if _at_first_contact is None:
        return
    with _meeting:
        look = None if _is_meeting else _at_first_contact
        if look is None:
            return
        _is_meeting = True
        try:
            connection = Connection(met, lent)
            look(connection)
            connection.rollback()
            _at_first_contact = None
        finally:
            _is_meeting = False


def engine() -> Engine:
    """Return the engine in use. Raises RuntimeError before `configure`."""
    if _engine is None:
        raise RuntimeError("petition.core.storage.database.configure() has not been called")
    return _engine


def dispose() -> None:
    """Close every connection of this process."""
    global _engine
    session.remove()
    if _engine is not None:
        _engine.dispose()
        _engine = None


def close() -> None:
    """Close every connection at the orderly end of a process, and leave a SQLite file whole."""
    if _engine is not None and is_sqlite():
        session.remove()
        with suppress(SQLAlchemyError, InstallUnfit):  # what stays is read at the next start
            sqlite_file.leave_whole(_engine)
    dispose()


def is_sqlite() -> bool:
    """Whether the database in use is SQLite."""
    return engine().dialect.name == "sqlite"


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a write transaction; commits at the end, rolls back when an error passes through."""
    if session().in_transaction():
        session.commit()  # ends the reading transaction that the request has begun
    try:
        session.connection(execution_options={"writes": True} if is_sqlite() else WRITING)
        yield session()
        session.flush()
        _commit()
    except BaseException:
        session.rollback()
        raise


def _commit() -> None:
    """Commit what the transaction has done."""
    with saving():
        session.commit()


@contextmanager
def saving() -> Iterator[None]:
    """Do what saves; where no answer comes, what was written may stand all the same."""
    before = _may_be_saved.get()
    _may_be_saved.set(True)
    try:
        yield
    except Exception as error:
        if fault_of(error) is not Fault.AWAY:
            _may_be_saved.set(before)  # the database itself says that it did not, or was not asked
        raise


def may_be_saved() -> bool:
    """Whether this request (or this thread, outside of requests) may have written anything."""
    return _may_be_saved.get()


@contextmanager
def single_statements() -> Iterator[Connection]:
    """Yield a connection on which each statement is a transaction of its own.

    It travels to the database once, where one inside `transaction` travels three times.
    """
    # Both drivers commit each statement as long as nothing has begun a transaction.
    with engine().connect() as connection:
        yield connection.execution_options(single=True)


def connect_apart(*, writes: bool = False) -> Connection:
    """Return a connection that is not the session's, on which a transaction begins."""
    manner = {"writes": writes} if is_sqlite() else WRITING
    return engine().connect().execution_options(**manner)


def init_app(app: "Flask") -> None:
    """Give the session back at the end of each request, and forget what it may have saved."""

    @app.before_request
    def has_saved_nothing() -> None:
        _may_be_saved.set(False)

    @app.teardown_appcontext
    def close_session(_error: BaseException | None) -> None:
        session.remove()


def insert_into(model: type[Base]) -> Insert:
    """Return an INSERT for the table of `model` that knows ON CONFLICT, in the dialect in use.

    It goes to the table itself, past the unit of work: a fifth of the work.
    """
    return _insert_into(model, is_sqlite())


def rows_of(model: type[Base]) -> Table:
    """Return the table of `model`, for statements that go past the unit of work."""
    return cast("Table", model.__table__)


@lru_cache
def _insert_into(model: type[Base], for_sqlite: bool) -> Insert:
    insert = sqlite.insert if for_sqlite else postgresql.insert
    return insert(rows_of(model)).inline()  # no key comes back unless asked for


def advisory_lock(connection: Connection | Session, number: int) -> bool:
    """Take the PostgreSQL advisory lock `number` until the transaction ends, without waiting.

    On SQLite a write transaction is alone already: always true.
    """
    if is_sqlite():
        return True
    taken = connection.execute(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": number})
    return bool(taken.scalar_one())
