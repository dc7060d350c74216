"""Connections to a mailbox over IMAP, kept within bounds: nobody waits for a gigabyte."""

import imaplib
from typing import Any

from petition.core.bounded_sockets import Bounds, connect, tls_within


class ImapConnection(imaplib.IMAP4):
    """A connection whose every exchange ends in time and within its octets."""

    def __init__(self, host: str, port: int, bounds: Bounds, *, is_tls: bool) -> None:
        self._bounds, self._is_within_tls = bounds, is_tls
        super().__init__(host, port)

    def _create_socket(self, _timeout: float | None = None) -> Any:
        made = connect(self.host, self.port, self._bounds)
        if not self._is_within_tls:
            return made
        return tls_within(self._bounds).wrap_socket(made, server_hostname=self.host)

    def read(self, size: int) -> bytes:
        """Read so many octets, as the server announced them. Raises IMAP4.error for too many."""
        if size > self._bounds.octets_left:
            raise self.error("announces more than is wanted")
        return super().read(size)
