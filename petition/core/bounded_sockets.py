"""Conversations with servers of others: they end in time and within their octets, come what may.

A time limit for each read alone lets a server drip for ever, and none for what it says lets it fill
our memory. Whoever is told to stop waits a few seconds more for an answer, and no longer.
"""

import math
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

LOOK_SECONDS = 0.5
"""How often a wait looks whether we are told to stop."""
STOP_SECONDS = 5.0
"""How long the conversation may still take then."""
CONNECT_SECONDS = 10.0
CHUNK = 65_536
_Answer = TypeVar("_Answer")


class TooMuchSaid(OSError):
    """A server says more than anybody needs."""


class Bounds:
    """What each part of a conversation may take: one mail, one look."""

    def __init__(self, *, seconds: float, octets: int, stopped: threading.Event) -> None:
        self.seconds, self.octets = seconds, octets
        self._stopped = stopped
        self._stop_by = math.inf
        self._until = math.inf
        self.octets_left = octets

    def begin(self, until: float = math.inf) -> None:
        """Begin the next part, which ends by this moment of `time.monotonic` at the latest."""
        self._until = min(time.monotonic() + self.seconds, until)
        self.octets_left = self.octets

    def next_wait(self) -> float:
        """Return for how many seconds to wait now, before asking again. Raises TimeoutError."""
        at = time.monotonic()
        if self._stopped.is_set():
            self._stop_by = min(self._stop_by, at + STOP_SECONDS)
        left = min(self._until, self._stop_by) - at
        if left <= 0:
            raise TimeoutError("the server takes too long")
        return min(left, LOOK_SECONDS)

    def hear(self, octets: int) -> None:
        """Count what was said. Raises TooMuchSaid."""
        self.octets_left -= octets
        if self.octets_left < 0:
            raise TooMuchSaid("the server says too much")


class _Bounded(socket.socket):
    """A socket that keeps within bounds."""

    bounds: Bounds

    def in_time(self, act: Callable[[], _Answer]) -> _Answer:
        """Do what may wait, until it is done or the time is up. Raises TimeoutError."""
        while True:
            self.settimeout(self.bounds.next_wait())
            try:
                return act()
            except TimeoutError:
                continue  # a look at the bounds, which know whether that was all

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        """Receive into a buffer; what `makefile` reads comes through here."""
        receive, most = super().recv_into, nbytes or memoryview(buffer).nbytes
        count = self.in_time(lambda: receive(buffer, most, flags))
        self.bounds.hear(count)
        return count

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send everything."""
        left = memoryview(data).cast("B")
        while left:
            sent = self.in_time(lambda rest=left: self.send(rest[:CHUNK], flags))  # type: ignore[misc]
            left = left[sent:]


class BoundedSocket(_Bounded):
    """A connection in the clear."""


class BoundedTls(_Bounded, ssl.SSLSocket):
    """A connection over TLS."""

    def do_handshake(self, block: bool = False) -> None:
        """Agree on keys."""
        shake = super().do_handshake
        self.in_time(lambda: shake(block))


def connect(host: str, port: int, bounds: Bounds) -> BoundedSocket:
    """Open a connection. Raises OSError."""
    plain = socket.create_connection((host, port), min(bounds.seconds, CONNECT_SECONDS))
    made = BoundedSocket(plain.family, plain.type, plain.proto, plain.detach())
    made.bounds = bounds
    return made


def tls_within(bounds: Bounds) -> ssl.SSLContext:
    """Return how connections are encrypted, so that they keep within these bounds too."""
    context = ssl.create_default_context()
    context.sslsocket_class = type("BoundedTls", (BoundedTls,), {"bounds": bounds})
    return context
