"""What takes its time: reading in batches, however many rows there are."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any, cast

from sqlalchemy import Connection, text

from petition.core.storage.database import connect_apart, is_sqlite
from petition.core.storage.patience import BoundedConnection


def take_time(connection: Connection) -> None:
    """Let what follows in this transaction wait for locks and run for as long as it needs.

    For exports and migrations. Elsewhere PostgreSQL ends what takes longer than `Patience` allows.
    """
    if is_sqlite():
        return
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    cast(BoundedConnection, connection.connection.driver_connection).take_time()


def stream_batches(
    statement: Any, *, size: int = 2_000
) -> Generator[Sequence[tuple[Any, ...]], None, None]:
    """Yield the rows of `statement`, so many at a time: plain tuples, as the driver has them.

    They take constant memory and are one snapshot. The connection is this generator's own and is
    given back when it is exhausted or closed. PostgreSQL sends them without being asked for each
    batch, while those before are worked at, and they go past SQLAlchemy: a third of the work. A
    moment has to be cast to text: it comes in the driver's own kind.
    """
    with connect_apart() as connection:
        take_time(connection)
        yield from batches_on(connection, statement, size=size)


@contextmanager
def one_snapshot() -> Iterator[Connection]:
    """Open a connection on which all that is read, however often, is as it was at the first look.

    As long as it is open SQLite keeps what is written meanwhile beside its file.
    """
    with connect_apart() as connection:
        if not is_sqlite():
            connection.execution_options(isolation_level="REPEATABLE READ")
        take_time(connection)
        yield connection


def batches_on(
    connection: Connection, statement: Any, *, size: int = 2_000
) -> Generator[Sequence[tuple[Any, ...]], None, None]:
    """Yield the rows of `statement` as `stream_batches` does, read on this connection."""
    rows = _sqlite_rows if is_sqlite() else _postgres_rows
    with closing(rows(connection, statement, size)) as found:
        while batch := list(islice(found, size)):
            yield batch


def _sqlite_rows(connection: Connection, statement: Any, size: int) -> Generator[Any, None, None]:
    yield from connection.execution_options(yield_per=size).execute(statement)


def _postgres_rows(connection: Connection, statement: Any, size: int) -> Generator[Any, None, None]:
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    driver = cast(BoundedConnection, connection.connection.driver_connection)
    with driver.cursor(binary=True) as cursor:
        yield from cursor.stream(str(compiled).encode(), {}, size=size)


def stream_rows(statement: Any) -> Generator[Any, None, None]:
    """Yield the rows of `statement` one by one, by their columns' names too.

    They take constant memory and are one snapshot; the connection is as in `stream_batches`.
    """
    with connect_apart() as connection:
        take_time(connection)
        yield from connection.execution_options(yield_per=2_000).execute(statement)
