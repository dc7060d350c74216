"""The presses: how many work at once, and what they made lately, so that nothing is made twice."""

import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock

from petition.core.memory import Memory

AT_ONCE = 2
MOST_JOINING = 2
"""How many may wait for a file that is being made for somebody else; each holds a thread."""
JOINING_SECONDS = 5.0
KEPT_SECONDS = 60.0
"""Files may be private: they are kept in memory alone, and not for long."""
MOST_KEPT = 16 * 1024 * 1024
LATELY_SECONDS = 2.0
"""So long a file is found by what it was asked for as, without a look at what goes into it."""
MOST_LATELY = 500


class PressesAtWork(Exception):
    """All presses are at work."""


class Presses:
    """Makes files, each once, a few at a time; nobody queues."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at_work: dict[bytes, Future[bytes]] = {}
        self._joining = 0
        self._kept: Memory[bytes, bytes] = Memory(KEPT_SECONDS, MOST_KEPT, weigh=len)
        self._lately: Memory[bytes, bytes] = Memory(LATELY_SECONDS, MOST_LATELY)

    def made(
        self, order: bytes, make: Callable[[], bytes], *, asked_as: bytes | None = None
    ) -> bytes:
        """Return the file for this order, made now, lately, or for somebody else at this moment.

        For some moments `made_lately` knows it as what it was asked for as. Raises PressesAtWork,
        and what `make` raises.
        """
        name = hashlib.sha256(order).digest()
        file = self._made(name, make)
        if asked_as is not None:
            self._lately.put(asked_as, name)
        return file

    def made_lately(self, asked_as: bytes) -> bytes | None:
        """Return the file that was asked for as this in the last moments: a crowd costs nothing."""
        name = self._lately.get(asked_as)
        return self._kept.get(name) if name else None

    def _made(self, name: bytes, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            kept = self._kept.get(name)
            if kept is not None:
                return kept
            others = self._at_work.get(name)
            if len(self._at_work) >= AT_ONCE if others is None else self._joining >= MOST_JOINING:
                raise PressesAtWork
            if others is None:
                ours = self._at_work[name] = Future()
            else:
                self._joining += 1
        return self._make(name, ours, make) if others is None else self._join(others)

    def _make(self, name: bytes, ours: "Future[bytes]", make: Callable[[], bytes]) -> bytes:
        try:
            file = make()
        except BaseException as fault:
            self._done(name)
            ours.set_exception(fault)
            raise
        self._kept.put(name, file)
        self._done(name)
        ours.set_result(file)
        return file

    def _done(self, name: bytes) -> None:
        with self._lock:
            del self._at_work[name]

    def _join(self, others: "Future[bytes]") -> bytes:
        try:
            return others.result(JOINING_SECONDS)
        except TimeoutError:
            raise PressesAtWork from None
        finally:
            with self._lock:
                self._joining -= 1
