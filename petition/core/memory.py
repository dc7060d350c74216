"""What this process remembers: never more than was agreed, whatever strangers ask for."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Key = TypeVar("Key")
Value = TypeVar("Value")

_all: "WeakSet[Memory[Any, Any]]" = WeakSet()


class Memory(Generic[Key, Value]):
    """Values under keys, each good for some seconds; of too many, the oldest goes first.

    Threads share it, and a process that is forked goes on with a copy of its own. Nobody may change
    what it gives. That there is nothing (None) is not remembered: addresses of nothing would drive
    out the rest.

    What is past its time is given to nobody. It is gone after the next `put`, whatever that puts
    in, and after `sweep`, which the web server calls every second: so what is no longer shown
    does not stay behind where nobody asks for anything any more.
    """

    def __init__(
        self, fresh_seconds: float | None, most: int, *, weigh: Callable[[Value], int] | None = None
    ) -> None:
        """Keep each value for so long (None: until others drive it out), and so many of them.

        With `weigh`, `most` is what all may weigh together.
        """
        self.fresh_seconds = math.inf if fresh_seconds is None else fresh_seconds
        self._most = most
        self._weigh = weigh or _one
        self._weight = 0
        self._lock = Lock()
        self._kept: dict[Key, tuple[float, Value]] = {}
        self._turns: dict[Key, _Turn] = {}
        _all.add(self)

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Value | None:
        """Return what is good under `key`."""
        known = self._kept.get(key)
        if known is not None and monotonic() - known[0] < self.fresh_seconds:
            return known[1]
        return None

    def put(self, key: Key, value: Value, *, since: float | None = None) -> None:
        """Remember a value as the newest, in place of an older one under the same key.

        It is good from now on, or from `since`, a moment of `time.monotonic`.
        """
        with self._lock:
            self._drop(key)
            self._sweep()
            if value is None:
                return
            self._kept[key] = (monotonic() if since is None else since, value)
            self._weight += self._weigh(value)
            while self._weight > self._most:
                self._drop(next(iter(self._kept)))

    def at(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is good under `key`; where nothing is, everyone who asks makes it.

        It is good from when `make` began, which may read what changes meanwhile.
        """
        moment, known = monotonic(), self._kept.get(key)
        if known is not None and moment - known[0] < self.fresh_seconds:
            return known[1]
        made = make()
        self.put(key, made, since=moment)
        return made

    def made_by_one(self, key: Key, make: Callable[[], Value], wait_seconds: float) -> Value:
        """Return what is good under `key`; where nothing is, one makes it and the others wait.

        Whoever has waited so long in vain makes it too. Where `make` raises, the next one tries.
        """
        made = self.get(key)
        if made is None:
            with self.turn(key, wait_seconds):
                made = self.get(key)
                if made is None:
                    made = make()
                    self.put(key, made)
        return made

    @contextmanager
    def turn(self, key: Key, wait_seconds: float) -> Iterator[bool]:
        """Let one after the other do what is to be done for `key`; other keys wait for nothing.

        False for whoever has waited so long in vain.
        """
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.people += 1
        is_ours = False
        try:
            is_ours = turn.lock.acquire(timeout=wait_seconds)
            yield is_ours
        finally:
            if is_ours:
                turn.lock.release()
            with self._lock:
                turn.people -= 1
                if not turn.people:
                    del self._turns[key]

    def sweep(self) -> None:
        """Let go of what is past its time."""
        with self._lock:
            self._sweep()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._weight = 0

    def _sweep(self) -> None:
        moment = monotonic()
        while self._kept:
            oldest = next(iter(self._kept))
            if moment - self._kept[oldest][0] < self.fresh_seconds:
                return
            self._drop(oldest)

    def _drop(self, key: Key) -> None:
        known = self._kept.pop(key, None)
        if known is not None:
            self._weight -= self._weigh(known[1])


class _Turn:
    """Whose turn it is, while anybody is there."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.people = 0


def _one(_value: object) -> int:
    return 1


def sweep() -> None:
    """Let go of what is past its time in every memory of this process."""
    for memory in list(_all):
        memory.sweep()


def forget_everything() -> None:
    """Empty every memory of this process, as when it turns to another database."""
    for memory in list(_all):
        memory.clear()
