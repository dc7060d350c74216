"""Connections to a mail server: how they are opened, encrypted, and kept within bounds."""

import smtplib
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, unquote

from petition.core.bounded_sockets import Bounds, connect, tls_within


class NoEncryption(smtplib.SMTPException):
    """The server offers no STARTTLS, and no mail and no password travels in the clear."""


class SmtpConnection(smtplib.SMTP):
    """A connection whose every exchange ends in time and within its octets."""

    def __init__(self, server: SplitResult, bounds: Bounds) -> None:
        self._bounds = bounds
        self._tls = tls_within(bounds)
        self._is_tls = server.scheme == "smtps"
        super().__init__(
            server.hostname or "localhost", server.port or (465 if self._is_tls else 25)
        )

    def _get_socket(self, host: str, port: int, _timeout: float) -> Any:
        made = connect(host, port, self._bounds)
        return self._tls.wrap_socket(made, server_hostname=host) if self._is_tls else made

    def encrypt(self) -> bool:
        """Encrypt what follows, if it is not and the server offers it; whether it is now."""
        self.ehlo_or_helo_if_needed()
        if not self._is_tls and self.has_extn("starttls"):
            self.starttls(context=self._tls)
            self._is_tls = True
            self.ehlo_or_helo_if_needed()  # what it can do is to be asked again
        return self._is_tls


def open_connection(
    server: SplitResult, bounds: Bounds, *, may_be_clear: bool = False
) -> SmtpConnection:
    """Connect to a mail server and log in there, where it has a user.

    On this machine mail travels as the server likes. Elsewhere it is encrypted, unless
    `may_be_clear`; a password always is. Raises SMTPException or OSError.
    """
    connection = SmtpConnection(server, bounds)
    try:
        _encrypt(connection, server, may_be_clear=may_be_clear)
        if server.username:
            connection.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _encrypt(connection: SmtpConnection, server: SplitResult, *, may_be_clear: bool) -> None:
    if connection.encrypt() or _is_here(server.hostname):
        return
    if server.username or not may_be_clear:
        raise NoEncryption("no STARTTLS")


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False
