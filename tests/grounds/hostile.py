"""Servers that never end: they say more than anybody can keep, or a line now and then."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from tests.grounds.mail import LOOPBACK

Manner = Callable[["Talk"], None]


class Talk:
    """One connection of somebody who came to such a server."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self._connection = connection
        self._over = over

    def say(self, octets: bytes) -> None:
        """Say something."""
        self._connection.sendall(octets)

    def hear(self) -> None:
        """Hear something."""
        self._connection.recv(4096)

    def flood(self, line: bytes) -> None:
        """Say a line again and again, as fast as it can be heard, until nobody listens."""
        while not self._over.is_set():
            self.say(line * 500)

    def drip(self, line: bytes) -> None:
        """Say a line now and then, until nobody listens."""
        while not self._over.wait(0.2):
            self.say(line)

    def hold(self) -> None:
        """Say nothing more."""
        self._over.wait()


@contextmanager
def hostile_server(manner: Manner, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Listen on a port, and treat in this manner whoever comes."""
    over = threading.Event()
    listener = socket.create_server((LOOPBACK, 0))
    threads: list[threading.Thread] = []

    def treat(connection: socket.socket) -> None:
        with suppress(OSError), connection:
            talk = tls.wrap_socket(connection, server_side=True) if tls else connection
            with talk:
                manner(Talk(talk, over))

    def take() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(5)
                threads.append(threading.Thread(target=treat, args=[connection], daemon=True))
                threads[-1].start()

    taking = threading.Thread(target=take, daemon=True)
    taking.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in (taking, *threads):
            thread.join(timeout=10)
