"""What a command says and how it ends while the database does not answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from petition.core.keys import KeysUnreadable

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps its mail and gives it again."""


class DatabaseAway(click.ClickException):
    """The database does not answer; whoever called may try again."""

    exit_code = TRY_LATER


@contextmanager
def try_later_without_database() -> Iterator[None]:
    """End a command in words where database or keys fail it; let the error through elsewhere."""
    try:
        yield
    except KeysUnreadable as problem:
        if click.get_current_context(silent=True) is None:
            raise
        raise click.ClickException(str(problem)) from None
    except (DBAPIError, PoolTimeout) as fault:
        if click.get_current_context(silent=True) is None:
            raise
        kind = type(fault).__name__
        raise DatabaseAway(f"The database does not answer ({kind}). Try again later.") from None
