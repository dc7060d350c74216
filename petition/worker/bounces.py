"""The part of a worker that reads the mailbox to which letters come back, over IMAP.

Several workers may read it at once: to take a mail twice changes nothing.
"""

import imaplib
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from config import Config
from petition.core.bounded_sockets import Bounds
from petition.core.clock import now
from petition.core.log import log
from petition.core.storage.database import transaction
from petition.letters.bounces.actions import Verdict, take_bounce
from petition.letters.bounces.parts import LONGEST_READ
from petition.letters.bounces.reading import read_report
from petition.worker.imap_connection import ImapConnection

MAILS_AT_ONCE = 100
LOOKED_THROUGH_AT_ONCE = 20_000
"""Mails that a server is asked about: their numbers stay within what it may say."""
LOOK_SECONDS = 240.0
"""How long one look may take; what is left then is for the next one."""
MOST_SAID = 1024 * 1024
"""Octets that a server may say about each thing that it is asked."""
DONE_WITH = {Verdict.BOUNCED, Verdict.TEMPORARY}
"""What is deleted; the rest is marked as seen and stays for people to look at."""


class BounceMailbox:
    """Takes the mails of one mailbox that nobody has seen."""

    def __init__(self, config: Config, stopped: threading.Event) -> None:
        self.address = urlsplit(config.bounce_mailbox)
        self._bounds = Bounds(seconds=float(config.mail_timeout), octets=MOST_SAID, stopped=stopped)
        self._until = 0.0
        """When the present look ends."""
        self._stopped = stopped
        self._behind = deque[str](maxlen=MAILS_AT_ONCE)
        """Mails over which a look has ended: the others go first."""

    def take_bounces(self) -> bool:
        """Take what is new; true when there may be more. A mailbox that is away has to wait."""
        self._until = time.monotonic() + LOOK_SECONDS
        try:
            with self._opened() as mailbox:
                return self._take_new(mailbox)
        except (imaplib.IMAP4.error, OSError) as fault:
            fields = {"fault": type(fault).__name__}
            log.warning("mailbox for bounces out of reach", extra={"fields": fields})
            return False

    def _take_new(self, mailbox: imaplib.IMAP4) -> bool:
        new = sorted(self._new(mailbox), key=lambda uid: uid in self._behind)
        done_with: list[str] = []
        noted = 0
        for uid in new[:MAILS_AT_ONCE]:
            if self._stopped.is_set() or time.monotonic() > self._until:
                break
            self._bounds.begin(self._until)
            try:
                verdict = self._take(mailbox, uid)
            except Exception:  # its next look begins with others, whatever is wrong with this one
                self._behind.append(uid)
                raise
            noted += verdict is not None
            if verdict in DONE_WITH:
                done_with.append(uid)
        self._bounds.begin()
        _remove(mailbox, done_with)
        return noted > 0 and len(new) > MAILS_AT_ONCE

    def _new(self, mailbox: imaplib.IMAP4) -> list[str]:
        """Return what nobody has seen; of a crowded folder, as much as is taken at once."""
        new: list[str] = []
        there = int(mailbox.response("EXISTS")[1][-1] or 0)
        for first in range(1, there + 1, LOOKED_THROUGH_AT_ONCE):
            those = f"{first}:{min(first + LOOKED_THROUGH_AT_ONCE - 1, there)}"
            self._bounds.begin(self._until)
            found = _said(mailbox.uid("SEARCH", those, "UNSEEN", "UNDELETED"))[0]
            new += found.decode().split() if found else []
            if len(new) > MAILS_AT_ONCE:
                break
        return new

    def _take(self, mailbox: imaplib.IMAP4, uid: str) -> Verdict | None:
        """Take one mail; None where it is gone, or is to be taken again."""
        beginning = f"(BODY.PEEK[]<0.{LONGEST_READ}>)"
        raw = _octets(_said(mailbox.uid("FETCH", uid, beginning)))
        if raw is None:
            return None
        report = read_report(raw)
        with transaction():
            verdict = take_bounce(report, now())
        if verdict == Verdict.TOO_SOON:
            return None
        flags = r"(\Seen \Deleted)" if verdict in DONE_WITH else r"(\Seen)"
        _said(mailbox.uid("STORE", uid, "+FLAGS.SILENT", flags))
        return verdict

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        self._bounds.begin()
        mailbox = self._connected()
        try:
            self._log_in(mailbox)
            folder = unquote(self.address.path.lstrip("/")) or "INBOX"
            _said(mailbox.select(_quoted(folder)))
            self._bounds.begin()
            yield mailbox
            mailbox.logout()
        finally:
            with suppress(OSError):
                mailbox.shutdown()

    def _connected(self) -> ImapConnection:
        # Without TLS on a loopback address alone: the settings allow nothing else.
        is_tls = self.address.scheme == "imaps"
        port = self.address.port or (993 if is_tls else 143)
        return ImapConnection(
            self.address.hostname or "localhost", port, self._bounds, is_tls=is_tls
        )

    def _log_in(self, mailbox: imaplib.IMAP4) -> None:
        user = unquote(self.address.username or "")
        password = unquote(self.address.password or "")
        if "AUTH=PLAIN" in mailbox.capabilities:
            mailbox.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        else:
            mailbox.login(user, password)


def _remove(mailbox: imaplib.IMAP4, uids: list[str]) -> None:
    """Remove these deleted mails; where a server cannot name them, all that are marked so."""
    if not uids:
        return
    if b"UIDPLUS" in _said(mailbox.capability())[0].upper().split():
        _said(mailbox.uid("EXPUNGE", ",".join(uids)))
    else:
        _said(mailbox.expunge())


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what the server said. Raises IMAP4.error where it was no."""
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(answer[0])
    return answer[1]


def _octets(fetched: list[Any]) -> bytes | None:
    """Return the mail in the answer to FETCH; None where it is gone."""
    literals = [part[1] for part in fetched if isinstance(part, tuple)]
    return literals[0] if literals else None


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
