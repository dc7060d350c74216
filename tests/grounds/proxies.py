"""A network between the product and its database that a test can make fall silent, or cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import URL, make_url

from tests.grounds.mail import LOOPBACK

COMMITTED = b"COMMIT\0"
INSERTED = b"INSERT 0 1\0"
"""What PostgreSQL's answer to a COMMIT holds."""


class Proxy:
    """Hands bytes between a port of its own and PostgreSQL."""

    def __init__(self, target: URL) -> None:
        self._target = target
        self._listener = socket.create_server((LOOPBACK, 0))
        self._open: list[socket.socket] = []
        self.is_silent = False
        """Whether every byte is swallowed, as by a firewall or a host that is frozen."""
        self.is_shut = False
        """Whether nobody is let through."""
        self.cuts: bytes | None = None
        """An answer before which a connection is cut, such as `COMMITTED`."""
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """The address of the database, by way of this proxy."""
        port = self._listener.getsockname()[1]
        through = self._target.set(host=LOOPBACK, port=port).difference_update_query(["host"])
        return through.render_as_string(hide_password=False)

    def cut(self) -> None:
        """Cut every connection that is there."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of everything: nobody gets through any more."""
        self.cut()
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                self.connections += 1
                if self.is_shut:
                    client.close()
                    continue
                server = self._connect()
                self._open += [client, server]
                for source, sink, answers in ((client, server, False), (server, client, True)):
                    pump = (source, sink, answers)
                    threading.Thread(target=self._pump, args=pump, daemon=True).start()

    def _connect(self) -> socket.socket:
        folder = self._target.query.get("host") or self._target.host
        port = self._target.port or 5432
        if str(folder).startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(f"{folder}/.s.PGSQL.{port}")
            return connection
        return socket.create_connection((str(folder), port))

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        """Hand bytes on until one side ends; what was swallowed never comes."""
        with suppress(OSError):
            while data := source.recv(65536):
                if self.is_silent:
                    continue
                if answers and self.cuts is not None and self.cuts in data:
                    break
                sink.sendall(data)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(url: str) -> Iterator[Proxy]:
    """Yield a proxy in front of the PostgreSQL at this URL."""
    proxy = Proxy(make_url(url))
    try:
        yield proxy
    finally:
        proxy.close()
