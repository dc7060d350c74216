"""Visitors who write slowly, and how long the others wait meanwhile."""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from threading import Event, Thread

from tests.grounds.mail import LOOPBACK

AT_ONCE = 1.0
"""Seconds within which everybody is to be answered, whatever others do."""
PATIENCE_SECONDS = 30.0
DRIP_SECONDS = 0.3


def slowest(port: int, path: str, times: int) -> float:
    """Return how long the slowest of some requests took, in seconds."""
    took = []
    for _ in range(times):
        started = time.monotonic()
        connection = HTTPConnection(LOOPBACK, port, timeout=PATIENCE_SECONDS)
        connection.request("GET", path)
        assert connection.getresponse().status == 200
        connection.close()
        took.append(time.monotonic() - started)
    return max(took)


@contextmanager
def dripping(lines: Sequence[socket.socket]) -> Iterator[None]:
    """Send a byte on each connection again and again."""
    stopped = Event()

    def drip() -> None:
        while not stopped.wait(DRIP_SECONDS):
            for line in lines:
                with suppress(OSError):  # it has been cut off
                    line.send(b"x")

    thread = Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
