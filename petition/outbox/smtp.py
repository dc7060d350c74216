"""How envelopes leave through an SMTP server, over one connection."""

import smtplib
import threading
import time
from collections import deque
from urllib.parse import urlsplit

from petition.core.bounded_sockets import Bounds
from petition.outbox.envelopes import Envelope
from petition.outbox.smtp_connection import NoEncryption, SmtpConnection, open_connection
from petition.outbox.transports import InDoubt, MailboxRefused, Postponed, Refused, Unreachable

GO_ON, GOODBYE = 354, 421
"""Reply codes of RFC 5321 4.2.3."""
TOO_LARGE = {452, 552}
"""What a server answers to the sender's command where the size that it names is too large."""
IDLE_SECONDS = 5.0
"""After so long a pause a connection is tried before a mail is trusted to it."""
MOST_SAID = 64 * 1024
"""Octets that a server may say when it is met, and about each mail."""


class SmtpTransport:
    """Hands envelopes to an SMTP server over one connection, opened anew when it breaks.

    To meet the server may take `timeout` seconds, and so may each mail. Once `stopped` is set, the
    mail at hand has some seconds more.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float,
        may_be_clear: bool = False,
        stopped: threading.Event | None = None,
    ) -> None:
        self.server = urlsplit(url)
        self.may_be_clear = may_be_clear
        stopped = stopped or threading.Event()
        self._bounds = Bounds(seconds=timeout, octets=MOST_SAID, stopped=stopped)
        self._connection: SmtpConnection | None = None
        self._used_at = 0.0
        self._is_new = False
        """Whether nothing was handed over on this connection yet."""
        self._envelope: Envelope | None = None
        """What is being handed over."""
        self._commands = deque[str]()
        """What is still to be said of it."""
        self._unanswered = 0
        """How many commands wait for an answer."""
        self._left_over = ""
        """The mail over which the server went away last."""
        self._took_others = False
        """Whether it took other mails since."""

    def reach(self) -> None:
        """See whether the server answers; connect where nothing is open. Raises Unreachable."""
        self._reached()

    def announce(self, envelope: Envelope) -> None:
        """Say from whom to whom it goes and, where the server takes that at once, that it comes.

        Nothing has left yet. Raises Unreachable.
        """
        connection = self._reached()
        self._bounds.begin()
        self._envelope, self._unanswered = envelope, 0
        size = f" size={len(envelope.octets)}" if connection.has_extn("size") else ""
        addressing = [f"MAIL FROM:<{envelope.sender}>{size}", f"RCPT TO:<{envelope.to}>"]
        self._commands = deque([*addressing, "DATA"])
        takes_all = connection.has_extn("pipelining")  # RFC 2920
        try:
            self._say(connection, len(self._commands) if takes_all else 1)
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise Unreachable(type(fault).__name__) from None

    def deliver(self) -> None:
        """Hand over what was announced. Raises Refused, Postponed, Unreachable or InDoubt."""
        connection, envelope = self._connection, self._envelope
        assert connection is not None, "announce it first"
        assert envelope is not None, "announce it first"
        try:
            self._end_envelope(connection, envelope)
        except (smtplib.SMTPException, OSError) as fault:
            # On a connection of its own it may be this very mail that breaks it: others go first.
            broken = Postponed if self._is_new else Unreachable
            self.close()
            raise broken(type(fault).__name__) from None
        try:
            connection.send(_as_data(envelope.octets))
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise InDoubt(type(fault).__name__) from None

    def read_answer(self) -> None:
        """Wait for the server's last word. Raises Refused, Postponed, Unreachable or InDoubt."""
        assert self._connection is not None, "deliver it first"
        assert self._envelope is not None, "deliver it first"
        envelope = self._envelope
        try:
            code = self._connection.getreply()[0]
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise InDoubt(type(fault).__name__) from None
        if not _is_answer(code):
            self.close()
            raise InDoubt(str(code))
        self._envelope, self._is_new, self._used_at = None, False, time.monotonic()
        if not _is_yes(code):
            raise self._refusal(code, envelope)
        self._took_others = True

    def close(self) -> None:
        """End the connection, if there is one."""
        self._envelope = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _end_envelope(self, connection: smtplib.SMTP, envelope: Envelope) -> None:
        """Hear what it says to each command, until it waits for the text.

        A sender's refusal says nothing about this mail, all wait; unless it is its size.
        """
        code = self._answer(connection)
        if code in TOO_LARGE:
            self._abandon(connection, code)
            raise self._refusal(code, envelope)
        if not _is_yes(code):
            self.close()
            raise Unreachable(str(code))
        code = self._answer(connection)
        if not _is_yes(code):
            self._abandon(connection, code)
            raise MailboxRefused(str(code)) if code >= 500 else self._refusal(code, envelope)
        code = self._answer(connection)
        if code != GO_ON:  # it does not want to see the text at all
            self._abandon(connection, code)
            raise self._refusal(code, envelope)

    def _answer(self, connection: smtplib.SMTP) -> int:
        """Return the answer to the oldest command without one, said now if it was not yet.

        Raises SMTPServerDisconnected where it is none: what follows would be out of step.
        """
        if not self._unanswered:
            self._say(connection, 1)
        code = connection.getreply()[0]
        self._unanswered -= 1
        if not _is_answer(code) and code != GO_ON:
            raise smtplib.SMTPServerDisconnected("no answer")
        return code

    def _say(self, connection: smtplib.SMTP, count: int) -> None:
        connection.send("".join(f"{self._commands.popleft()}\r\n" for _ in range(count)))
        self._unanswered += count

    def _abandon(self, connection: smtplib.SMTP, code: int) -> None:
        """Let the next mail begin; a line that breaks meanwhile changes nothing about this one."""
        self._envelope, self._is_new, self._used_at = None, False, time.monotonic()
        if code == GOODBYE:
            return  # whoever says so hangs up
        try:
            while self._unanswered:
                if self._answer(connection) == GO_ON:  # it waits for a text that nobody gets
                    self.close()
                    return
            connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def _reached(self) -> SmtpConnection:
        if self._envelope is not None:  # it was announced, and came no further
            self.close()
        self._bounds.begin()
        try:
            return self._connected()
        except NoEncryption as fault:
            raise Unreachable(str(fault)) from None
        except (smtplib.SMTPException, OSError) as fault:
            raise Unreachable(type(fault).__name__) from None

    def _refusal(self, code: int, envelope: Envelope) -> Refused | Postponed | Unreachable:
        """Return what an answer means. A server that goes away refuses nobody: all mails wait.

        Unless it goes away over the same mail again, having taken others: then that one waits.
        """
        if code != GOODBYE:
            return Refused(str(code)) if code >= 500 else Postponed(str(code))
        self.close()
        is_its_fault = self._took_others and self._left_over == envelope.message_id
        self._left_over, self._took_others = envelope.message_id, False
        return Postponed(str(code)) if is_its_fault else Unreachable(str(code))

    def _connected(self) -> SmtpConnection:
        if self._connection is not None and self._still_open(self._connection):
            return self._connection
        self.close()
        self._connection = open_connection(
            self.server, self._bounds, may_be_clear=self.may_be_clear
        )
        self._is_new, self._used_at = True, time.monotonic()
        return self._connection

    def _still_open(self, connection: smtplib.SMTP) -> bool:
        if time.monotonic() - self._used_at < IDLE_SECONDS:
            return True
        try:
            return connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False


def _as_data(octets: bytes) -> bytes:
    """Return a text as it follows DATA: no line of it is taken for its end (RFC 5321 4.5.2)."""
    end = b"" if octets.endswith(b"\r\n") else b"\r\n"
    first = b"." if octets.startswith(b".") else b""
    return first + octets.replace(b"\n.", b"\n..") + end + b".\r\n"


def _is_yes(code: int) -> bool:
    """Whether it did what it was asked: the first digit alone says so (RFC 5321 4.2.1)."""
    return code // 100 == 2


def _is_answer(code: int) -> bool:
    """Whether a code says yes, not now, or no."""
    return code // 100 in {2, 4, 5}
