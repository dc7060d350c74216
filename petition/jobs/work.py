"""Long work as a part hands it in: how it is begun, its steps, and its end."""

from abc import ABC, abstractmethod
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


class Rows(ABC):
    """One job, begun, that makes no file: it writes rows, some at a time.

    It commits nothing; a worker may begin it again, and then it goes on where it was.
    """

    steps: int
    """How much there is to do, as far as that is known."""
    done: int
    """How much of it is done."""

    @abstractmethod
    def write_some(self, at: datetime) -> bool:
        """Write some, in a transaction in which the job is this worker's; false at the end."""

    @abstractmethod
    def waits(self, at: datetime) -> bool:
        """Whether what was written has to be used up before more is."""


Kinds = Mapping[str, Callable[[int], Work]]
"""The kinds of job that a part does: each begins the job with this number."""
RowKinds = Mapping[str, Callable[[int], Rows]]
"""The same for kinds that write rows."""
