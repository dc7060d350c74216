"""Conversations with servers of others: they end in time and within their octets, come what may.

A time limit for each read alone lets a server drip for ever, and none for what it says lets it fill
our memory. Whoever is told to stop waits a few seconds more for an answer, and no longer.
"""

import errno
import math
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Queue
from selectors import EVENT_WRITE, DefaultSelector
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

    def left(self) -> float:
        """Return how many seconds this part may take still."""
        return min(self._until, self._stop_by) - time.monotonic()

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

    def reach(self, address: Any, until: float) -> None:
        """Connect by this moment of `time.monotonic`. Raises OSError."""
        self.setblocking(False)
        fault = self.connect_ex(address)
        with DefaultSelector() as there:
            there.register(self, EVENT_WRITE)
            while fault == errno.EINPROGRESS:
                wait = min(self.bounds.next_wait(), until - time.monotonic())
                if wait <= 0:
                    raise TimeoutError("the server does not answer")
                if there.select(wait):
                    fault = self.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if fault:
            raise OSError(fault, os.strerror(fault))
        self.settimeout(LOOK_SECONDS)

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
    """Open a connection, to the first of the host's addresses that answers. Raises OSError.

    One that is silent takes no more than its part of the time that there is.
    """
    addresses = _addresses(host, port, bounds)
    while True:
        (family, kind, proto, _name, address), *addresses = addresses
        made = BoundedSocket(family, kind, proto)
        made.bounds = bounds
        share = min(bounds.left() / (len(addresses) + 1), CONNECT_SECONDS)
        try:
            made.reach(address, time.monotonic() + share)
        except OSError:
            made.close()
            if not addresses:
                raise
        else:
            return made


def _addresses(host: str, port: int, bounds: Bounds) -> list[Any]:
    """Return where a host is. The resolver's own patience is none of ours, so it is left behind."""
    answers: Queue[list[Any] | OSError] = Queue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as fault:
            answers.put(fault)

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    while True:
        with suppress(Empty):
            found = answers.get(timeout=bounds.next_wait())
            if isinstance(found, OSError):
                raise found
            return found


def tls_within(bounds: Bounds) -> ssl.SSLContext:
    """Return how connections are encrypted, so that they keep within these bounds too."""
    context = ssl.create_default_context()
    context.sslsocket_class = type("BoundedTls", (BoundedTls,), {"bounds": bounds})
    return context
