"""Long work as a part hands it in: how it is begun, its steps, and its end."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Step:
    """Something was done."""

    done: int
    """How much of the work is done now."""
    data: bytes = b""
    """What of the file was made meanwhile."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A file that is whole."""

    size: int
    """In bytes."""
    sha256: str
    """In hexadecimal."""


class Work(Protocol):
    """One job, begun. It commits nothing; a worker may begin it again."""

    steps: int
    """How much there is to do, as far as that is known."""
    keep: timedelta
    """For how long its file is offered."""

    def run(self) -> Iterator[Step]:
        """Do it, in steps that take less than a second."""
        ...

    def finish(self, made: Whole, at: datetime) -> None:
        """Record what was made, in the transaction in which it is offered."""
        ...


Kinds = Mapping[str, Callable[[int], Work]]
"""The kinds of job that a part does: each begins the job with this number."""
