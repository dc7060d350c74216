"""What takes its time: reading in batches, however many rows there are."""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
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


def stream_batches(statement: Any, *, size: int = 2_000) -> Generator[Sequence[Any], None, None]:
    """Yield the rows of `statement`, so many at a time, through a server-side cursor.

    They take constant memory and are one snapshot: the next rows come while these are worked at.
    The connection is this generator's own and is given back when it is exhausted or closed.
    """
    with connect_apart() as connection, ThreadPoolExecutor(max_workers=1) as ahead:
        take_time(connection)
        result = connection.execution_options(yield_per=size).execute(statement)
        fetched = ahead.submit(result.fetchmany, size)
        while rows := fetched.result():
            fetched = ahead.submit(result.fetchmany, size)
            yield rows


def stream_rows(statement: Any) -> Generator[Any, None, None]:
    """Yield the rows of `statement` one by one; for the rest it is `stream_batches`."""
    with closing(stream_batches(statement)) as batches:
        for rows in batches:
            yield from rows
