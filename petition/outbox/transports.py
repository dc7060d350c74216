"""How mail leaves: through an SMTP server, or into a folder when none is configured.

What leaves is a parcel: a finished message and the envelope around it.
"""

import os
import smtplib
import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from email.contentmanager import raw_data_manager
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from petition.outbox.actions import Claim
from petition.outbox.headers import AS_GIVEN, bare, words

ACCEPTED, FORWARDED, GOODBYE = 250, 251, 421
"""Reply codes of RFC 5321 4.2.3."""
QUOTED = "quoted-printable"
IDLE_SECONDS = 5.0
"""After so long a pause a connection is tried before a mail is trusted to it."""


class Refused(Exception):
    """The server refused this mail for good. `str(error)` is its code."""


class MailboxRefused(Refused):
    """The server knows no such mailbox, or takes nothing for it."""


class Postponed(Exception):
    """The server refused this mail for now. `str(error)` is its code."""


class Unreachable(Exception):
    """The mail server does not answer at all; every mail has to wait."""


class InDoubt(Exception):
    """The connection broke while the text was handed over: nobody knows whether it was taken."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished message and the envelope around it."""

    name: str
    """The name of its file, where it goes into a folder; the same at each attempt."""
    sender: str
    """Where the servers return it to."""
    to: str
    octets: bytes


class Transport(Protocol):
    """Something that takes parcels."""

    def send(self, parcel: Parcel) -> None:
        """Hand a parcel over. Raises Refused, Postponed, Unreachable or InDoubt."""

    def close(self) -> None:
        """Let go of what is open."""


def parcel_of(claim: Claim, *, sender: str) -> Parcel:
    """Return a mail of the outbox, ready to leave."""
    return Parcel(
        name=file_name(claim.created_at, claim.message_id),
        sender=sender,
        to=claim.message.to,
        octets=bytes(mime(claim, sender=sender)),
    )


def file_name(created_at: datetime, message_id: str) -> str:
    """Return the name of a message's file: the oldest first."""
    return f"{created_at:%Y%m%dT%H%M%S}-{message_id}.eml"


def mime(claim: Claim, *, sender: str) -> EmailMessage:
    """Build the message as it leaves; its Message-ID and Date never change between attempts.

    The sender has no display name: what stands in an inbox must not tell a campaign's name.
    """
    message = EmailMessage(policy=AS_GIVEN)
    message["From"] = bare(sender)
    message["To"] = bare(claim.message.to)
    message["Subject"] = words(claim.message.subject)
    message["Date"] = format_datetime(claim.created_at)
    message["Message-ID"] = f"<{claim.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    text, html = claim.message.text, claim.message.html
    message.set_content(text, cte=QUOTED, content_manager=raw_data_manager)
    message.add_alternative(html, subtype="html", cte=QUOTED, content_manager=raw_data_manager)
    return message


class FolderTransport:
    """Writes each mail as an .eml file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def send(self, parcel: Parcel) -> None:
        """Write the file; a second attempt writes the same file again. Raises Unreachable."""
        try:
            self._write(parcel.name, parcel.octets)
        except OSError as fault:
            raise Unreachable(type(fault).__name__) from None

    def _write(self, name: str, content: bytes) -> None:
        beside = self.folder / f".{name}"
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(self.folder / name)

    def close(self) -> None:
        """Nothing is open."""


class SmtpTransport:
    """Hands mails to an SMTP server over one connection, opened anew when it breaks."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self.server = urlsplit(url)
        self.timeout = timeout
        self._connection: smtplib.SMTP | None = None
        self._used_at = 0.0

    def send(self, parcel: Parcel) -> None:
        """Hand a parcel over. Raises Refused, Postponed, Unreachable or InDoubt."""
        before = self._connection
        connection = self._reached()
        try:
            self._write_envelope(connection, parcel)
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            # On a connection of its own it may be this very mail that breaks it: others go first.
            broken = Unreachable if connection is before else Postponed
            raise broken(type(fault).__name__) from None
        try:
            code = connection.data(parcel.octets)[0]
        except smtplib.SMTPDataError as refusal:  # it did not want to see the text at all
            self._begin_anew(connection, refusal.smtp_code)
            raise self._refusal(refusal.smtp_code) from None
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise InDoubt(type(fault).__name__) from None
        if code != ACCEPTED:
            raise self._refusal(code)

    def _write_envelope(self, connection: smtplib.SMTP, parcel: Parcel) -> None:
        """Say from whom and to whom. A sender's refusal says nothing about this mail: all wait."""
        size = [f"size={len(parcel.octets)}"] if connection.has_extn("size") else []
        code = connection.mail(parcel.sender, size)[0]
        if code != ACCEPTED:
            self.close()
            raise Unreachable(str(code))
        code = connection.rcpt(parcel.to)[0]
        if code not in {ACCEPTED, FORWARDED}:
            self._begin_anew(connection, code)
            raise MailboxRefused(str(code)) if code >= 500 else self._refusal(code)

    def _begin_anew(self, connection: smtplib.SMTP, code: int) -> None:
        """Let the next mail begin; a line that breaks meanwhile changes nothing about this one."""
        if code == GOODBYE:
            return
        try:
            connection.rset()
        except (smtplib.SMTPException, OSError):
            self.close()

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _reached(self) -> smtplib.SMTP:
        try:
            return self._connected()
        except (smtplib.SMTPException, OSError) as fault:
            raise Unreachable(type(fault).__name__) from None

    def _refusal(self, code: int) -> Refused | Postponed:
        if code == GOODBYE:  # for the next mail we knock again
            self.close()
        return Refused(str(code)) if code >= 500 else Postponed(str(code))

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and self._still_open(self._connection):
            return self._connection
        self.close()
        self._connection = self._open()
        return self._connection

    def _still_open(self, connection: smtplib.SMTP) -> bool:
        idle = time.monotonic() - self._used_at
        self._used_at = time.monotonic()
        if idle < IDLE_SECONDS:
            return True
        try:
            return connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _open(self) -> smtplib.SMTP:
        host, secure = self.server.hostname or "localhost", self.server.scheme == "smtps"
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if secure:
            port = self.server.port or 465
            connection = smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=context)
        else:
            connection = smtplib.SMTP(host, self.server.port or 25, timeout=self.timeout)
        connection.ehlo_or_helo_if_needed()
        if not secure and connection.has_extn("starttls"):
            connection.starttls(context=context)
        elif not secure and self.server.username:
            raise smtplib.SMTPNotSupportedError("no STARTTLS: the password stays here")
        if self.server.username:
            connection.login(unquote(self.server.username), unquote(self.server.password or ""))
        return connection
