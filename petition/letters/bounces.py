"""Bounces: what a mail says of a letter that came back, and whether it came back for good.

Anybody can write such a mail, so little of it is read and less believed. The one thing trusted is
a letter's message id: it is random, and nobody has it but the servers and the office that it went
to. All that a forger who has it could do is to make an office's queue pause.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from flufl.bounce import all_failures
from sqlalchemy import Row, select

from petition.core.database import rows_of, session
from petition.letters import afterwards
from petition.letters.letter import Letter, LetterState
from petition.letters.message import message_ids_in

LONGEST_READ = 256 * 1024
MOST_LINES = 5_000
LONGEST_LINE = 400
"""A report says what it has to say within these; patterns that run back and forth stay quick."""
MOST_NAMED = 20
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Received")
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_daemon = re.compile(
    r"mail[-_.]?(er)?[-_.]?(daemon|delivery)|postmaster|double-bounce|microsoftexchange",
    re.IGNORECASE,
)
_still_trying = re.compile(r"\bdelay|\bwarning\b|still being retried", re.IGNORECASE)
_action = re.compile(r"^action:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_original_id = re.compile(rb"^message-id:\s{0,9}<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_letters = rows_of(Letter)

_words_of_a_mail = logging.getLogger("flufl.bounce")
_words_of_a_mail.addHandler(logging.NullHandler())
_words_of_a_mail.propagate = False  # what it logs of a mail may name a person


class Verdict(StrEnum):
    """What a mail was found to be."""

    BOUNCED = "bounced"
    TEMPORARY = "temporary"
    """A server has not delivered a letter yet and goes on trying."""
    TOO_SOON = "too_soon"
    """A letter came back before it was noted as sent: to be given again in a moment."""
    UNKNOWN_LETTER = "unknown_letter"
    NO_BOUNCE = "no_bounce"


class Failure(StrEnum):
    """How a delivery failed."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail says."""

    message_ids: tuple[str, ...]
    """The letters that it may be about, the likeliest first."""
    failure: Failure | None


def take_bounce(report: Report, at: datetime) -> Verdict:
    """Note that a letter came back, if a mail says so; the same mail may be taken again and again.

    Reading the mail comes first and apart, since it may be long, and holds no transaction up.
    """
    if report.failure is None:
        return Verdict.NO_BOUNCE
    letter = _first_known(report.message_ids)
    if letter is None:
        return Verdict.UNKNOWN_LETTER
    if report.failure == Failure.TEMPORARY:
        return Verdict.TEMPORARY
    if letter.state == LetterState.SENDING:
        return Verdict.TOO_SOON
    if letter.state == LetterState.BOUNCED or afterwards.bounced(letter.message_id, at) is not None:
        return Verdict.BOUNCED
    return Verdict.UNKNOWN_LETTER  # it has not left, or is about to leave once more


def _first_known(message_ids: tuple[str, ...]) -> Row[str, LetterState] | None:
    found = session.execute(
        select(Letter.message_id, Letter.state)
        .where(Letter.message_id.in_(message_ids))
        .order_by(Letter.id)
        .with_for_update()
    ).all()
    known = {row.message_id: row for row in found}
    return next((known[one] for one in message_ids if one in known), None)


def read_report(raw: bytes) -> Report:
    """Return what a mail says; of one that cannot be read, that it says nothing."""
    try:
        message = message_from_bytes(_within_bounds(raw))
        named = dict.fromkeys(_named_in(message))
        return Report(tuple(named)[:MOST_NAMED], _failure_in(message))
    except Exception:  # whatever it is that nobody thought of: a stranger has written it
        return Report((), None)


def _within_bounds(raw: bytes) -> bytes:
    lines = raw[:LONGEST_READ].splitlines()[:MOST_LINES]
    return b"\n".join(line[:LONGEST_LINE] for line in lines)


def _named_in(message: Message) -> Iterator[str]:
    """Yield the letters to whose return address a mail came, then those whose copy it brings."""
    for header in ADDRESSED:
        for value in message.get_all(header, []):
            yield from message_ids_in(str(value))
    for part in message.walk():
        if part is not message:
            yield from _ids_in(f"Message-ID: {part.get('Message-ID', '')}".encode())
        if part.get_content_maintype() == "text":
            yield from _ids_in(part.get_payload(decode=True))


def _ids_in(words: object) -> Iterator[str]:
    if isinstance(words, bytes):
        yield from (found.decode().lower() for found in _original_id.findall(words))


def _failure_in(message: Message) -> Failure | None:
    """Return how a delivery failed: in the fields of RFC 3464, else in the words of a server."""
    actions = list(_actions_in(message))
    if any(action.startswith(("fail", "error")) for action in actions):
        return Failure.PERMANENT  # a failure with a temporary status too: it was given up
    if actions:
        return Failure.TEMPORARY if "delayed" in actions else None
    return _failure_in_words(message) if _is_from_a_server(message) else None


def _actions_in(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() not in STATUS_PARTS:
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message):
                yield from (action.lower() for action in _action.findall(_as_text(block)))


def _as_text(block: Message) -> str:
    """Return the lines of a block of fields; the parser may take the second block for a body."""
    body = block.get_payload()
    fields = [f"{name}: {value}" for name, value in block.items()]
    return "\n".join([*fields, body if isinstance(body, str) else ""])


def _is_from_a_server(message: Message) -> bool:
    """Whether a program that carries mail says this: a person's automatic reply may look alike."""
    sender = parseaddr(str(message.get("From", "")))[1].rpartition("@")[0]
    return "X-Failed-Recipients" in message or _daemon.search(sender) is not None


def _failure_in_words(message: Message) -> Failure | None:
    temporary, permanent = all_failures(message)
    if not temporary and not permanent:
        return None
    if not permanent or _still_trying.search(str(message.get("Subject", ""))):
        return Failure.TEMPORARY
    return Failure.PERMANENT
