"""The presses: how many work at once, and what they made lately, so that nothing is made twice."""

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Timer

AT_ONCE = 2
MOST_JOINING = 2
"""How many may wait for a file that is being made for somebody else; each holds a thread."""
JOINING_SECONDS = 5.0
KEPT_SECONDS = 60.0
"""Files may be private: they are kept in memory alone, and not for long."""
MOST_KEPT = 16 * 1024 * 1024
LATELY_SECONDS = 2.0
"""So long a file is found by what it was asked for as, without a look at what goes into it."""


class PressesAtWork(Exception):
    """All presses are at work."""


class Presses:
    """Makes files, each once, a few at a time; nobody queues."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._at_work: dict[bytes, Future[bytes]] = {}
        self._joining = 0
        self._kept: dict[bytes, tuple[float, bytes]] = {}
        self._lately: dict[bytes, tuple[float, bytes]] = {}
        self._broom: Timer | None = None

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
            with self._lock:
                self._lately[asked_as] = (time.monotonic() + LATELY_SECONDS, name)
        return file

    def made_lately(self, asked_as: bytes) -> bytes | None:
        """Return the file that was asked for as this in the last moments: a crowd costs nothing."""
        with self._lock:
            self._sweep()
            _until, name = self._lately.get(asked_as, (0.0, b""))
            return self._kept[name][1] if name in self._kept else None

    def _made(self, name: bytes, make: Callable[[], bytes]) -> bytes:
        with self._lock:
            self._sweep()
            if name in self._kept:
                return self._kept[name][1]
            others = self._at_work.get(name)
            if len(self._at_work) >= AT_ONCE if others is None else self._joining >= MOST_JOINING:
                raise PressesAtWork
            if others is None:
                ours = self._at_work[name] = Future()
            else:
                self._joining += 1
        return self._make(name, ours, make) if others is None else self._join(others)

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._kept.clear()
            self._lately.clear()

    def _make(self, name: bytes, ours: "Future[bytes]", make: Callable[[], bytes]) -> bytes:
        try:
            file = make()
        except BaseException as fault:
            self._done(name)
            ours.set_exception(fault)
            raise
        with self._lock:
            self._keep(name, file)
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

    def _keep(self, name: bytes, file: bytes) -> None:
        self._kept[name] = (time.monotonic() + KEPT_SECONDS, file)
        while sum(len(kept) for _until, kept in self._kept.values()) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._send_for_the_broom()

    def _sweep(self) -> None:
        moment = time.monotonic()
        for kept in (self._kept, self._lately):
            for one in [one for one, (until, _) in kept.items() if until <= moment]:
                del kept[one]

    def _send_for_the_broom(self) -> None:
        """Let what is kept go in time even where nobody asks for a file any more."""
        if self._broom is None and self._kept:
            self._broom = Timer(KEPT_SECONDS, self._sweep_alone)
            self._broom.daemon = True
            self._broom.start()

    def _sweep_alone(self) -> None:
        with self._lock:
            self._sweep()
            self._broom = None
            self._send_for_the_broom()
