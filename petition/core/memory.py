"""What this process remembers: never more than was agreed, whatever strangers ask for."""

import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Values under keys, of which what was put in first goes first. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: dict[Key, Value] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Value | None:
        """Return what is remembered under `key`."""
        return self._kept.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Remember a value as the newest, in place of an older one under the same key."""
        with self._lock:
            self._kept.pop(key, None)
            self._put(key, value)

    def at(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is remembered under `key`; made here where nothing is."""
        with self._lock:
            if key not in self._kept:
                self._put(key, make())
            return self._kept[key]

    def drop(self, key: Key) -> None:
        """Forget what is under `key`."""
        with self._lock:
            self._kept.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _put(self, key: Key, value: Value) -> None:
        self._kept[key] = value
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]


class Recent(Generic[Key, Value]):
    """What was read within the last seconds: many who ask cost one reading. Threads may share it.

    Nobody may change what it gives. That there is nothing is not remembered: addresses of nothing
    would drive out the rest.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._kept: Memory[Key, tuple[float, Value]] = Memory(most)

    def at(self, key: Key, read: Callable[[], Value]) -> Value:
        """Return what `read` found under `key` within the last seconds, or finds now."""
        moment, known = time.monotonic(), self._kept.get(key)
        if known and moment - known[0] < self._seconds:
            return known[1]
        found = read()
        if found is not None:
            self._kept.put(key, (moment, found))
        return found

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
