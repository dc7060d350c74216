"""What a command says, and how it ends, where an operator can mend what is wrong: one sentence."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from config import SettingError
from petition.core.errors import OF_THE_DISK, InstallUnfit
from petition.core.storage.database_faults import OF_A_DATABASE, Fault, fault_of
from petition.core.storage.fitness import require_fitness

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: a mail server keeps its mail and gives it again. It takes every other
code, but for that of a success, for its last word."""
CANNOT_WRITE = 73
"""EX_CANTCREAT."""
WORDS = {
    Fault.AWAY: "The database does not answer ({why}). Try again later.",
    Fault.BUSY: "The database is busy ({why}). Try again later.",
    Fault.FULL: "The disk of the database is full. Make room, then try again.",
    Fault.FORBIDDEN: "The database does not let us ({why}). Let its user do so, then try again.",
    Fault.READ_ONLY: "The database takes no changes ({why}). Let it be written, then try again.",
    Fault.BROKEN: "The database is damaged ({why}). Stop everything that uses it, and put a "
    "backup in its place: flask --app petition restore FILE.",
}


class Ended(click.ClickException):
    """The end of a command in one sentence, with an exit code that says of what kind it is."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code  # type: ignore[misc]


@contextmanager
def plainly() -> Iterator[None]:
    """End a command in words where its install fails it; let the error through elsewhere."""
    try:
        yield
    except (*OF_A_DATABASE, OSError, SettingError, InstallUnfit) as error:
        ending = _ending(error)
        if ending is None or click.get_current_context(silent=True) is None:
            raise
        raise ending from None


def _ending(error: Exception) -> Ended | None:
    if isinstance(error, SettingError | InstallUnfit):
        return Ended(str(error), TRY_LATER)
    if isinstance(error, OSError):
        if error.errno not in OF_THE_DISK:
            return None
        place = f": {error.filename}" if error.filename else ""
        return Ended(f"{os.strerror(error.errno)}{place}", CANNOT_WRITE)
    fault = fault_of(error)
    return Ended(WORDS[fault].format(why=_why(error)), TRY_LATER) if fault else None


def _why(error: Exception) -> str:
    """Return what the driver says in its first line; it is about the database, and names nobody."""
    said = str(getattr(error, "orig", None) or type(error).__name__)
    return said.strip().partition("\n")[0].rstrip(".")


_plain: set[Callable[..., Any]] = set()


def in_plain_words(command: click.Command, *, for_any_database: bool = False) -> click.Command:
    """Let a command, or every command of a group, end in one sentence.

    It begins with none but the database that this version knows, unless it is `for_any_database`.
    """
    if isinstance(command, click.Group):
        for part in command.commands.values():
            in_plain_words(part, for_any_database=for_any_database)
    elif command.callback is not None and command.callback not in _plain:
        command.callback = _wrapped(command.callback, for_any_database=for_any_database)
        _plain.add(command.callback)
    return command


def _wrapped(work: Callable[..., Any], *, for_any_database: bool) -> Callable[..., Any]:
    @wraps(work)
    def run(*arguments: Any, **options: Any) -> Any:
        with plainly():
            if not for_any_database:
                require_fitness()
            return work(*arguments, **options)

    return run
