"""What a mail says of a letter that came back, and whether it came back for good.

Anybody can write such a mail, so little of it is read and less believed. The one thing trusted is
a letter's message id: it is random, and nobody has it but the servers and the office that it went
to. All that a forger who has it could do is to make an office's queue pause. A report that is not
seen costs more: every later letter to that office.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from flufl.bounce import all_failures

from petition.letters.bounces.delivery_status import code_in, names_a_fault
from petition.letters.bounces.parts import (
    COPIES,
    NOTICE,
    STATUS_PARTS,
    fields_in,
    letters_named_in,
    parsed,
    said_in,
    subject_of,
)
from petition.letters.bounces.words import (
    begins_with_a_reply,
    gave_up,
    is_answer,
    is_complaint,
    is_delay,
    opens_with_a_failure,
    tries_on,
)

MOST_HELD = 16 * 1024
LONGEST_PIECE = 120
"""What the patterns of others are held against: some take the third power of a line's length."""
RECEIPTS = ("message/feedback-report", "message/disposition-notification")
GAVE_UP = ("fail", "error", "expire")
_server = re.compile(
    r"mail[-_. ]?(er)?[-_. ]?(daemon|delivery)|post[-_]?master|double-bounce|"
    r"microsoftexchange|^\W?mail (sub)?system|^mdaemon",
    re.IGNORECASE,
)
_no_sender = re.compile(r"[^<]*<>|<?(mailer-daemon)?>?", re.IGNORECASE)
_says_so = ("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr")
_marks_of_an_answer = ("In-Reply-To", "X-Autoreply", "X-Autorespond", "X-Autoresponder")
_action = re.compile(r"^[ \t]{0,9}action:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_noticed_action = re.compile(r'"action[\\"\s]{1,9}:[\\"\s]{1,9}(\w{1,20})')

_words_of_a_mail = logging.getLogger("flufl.bounce")
_words_of_a_mail.addHandler(logging.NullHandler())
_words_of_a_mail.propagate = False  # what it logs of a mail may name a person


class Persistence(StrEnum):
    """How a delivery failed."""

    PERMANENT = "permanent"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What a mail says."""

    message_ids: tuple[str, ...]
    """The letters that it may be about, the likeliest first."""
    failure: Persistence | None
    status: str | None = None
    """Why, as an enhanced status code (RFC 3463); None where the mail does not say."""


def read_report(raw: bytes) -> BounceReport:
    """Return what a mail says; of one that cannot be read, that it says nothing."""
    try:
        message = parsed(raw)
        named, fields = letters_named_in(message), fields_in(message)
        subject, said = subject_of(message), said_in(message)
        failure = _failure_in(message, fields, subject, said)
        return BounceReport(named, failure, code_in(fields, said, subject) if failure else None)
    except Exception:  # whatever it is that nobody thought of: a stranger has written it
        return BounceReport((), None)


def _failure_in(message: Message, fields: str, subject: str, said: str) -> Persistence | None:
    """Return how a delivery failed: in the fields of RFC 3464, else in the words of a server."""
    if _is_receipt_or_complaint(message, subject, said):
        return None
    notice = NOTICE.search(said)
    if notice:
        return _failure_of(_noticed_action.findall(said)) if notice[1] == "Bounce" else None
    is_from_a_server = _is_from_a_server(message)
    actions = _action.findall(fields) or (_action.findall(said) if is_from_a_server else [])
    if actions:
        return _failure_of(actions)
    if is_from_a_server:
        return _failure_in_words(message, subject, f"{subject}\n{said}")
    if _reads_like_a_server(message, subject):
        return _failure_in_words(message, subject, said)
    return None


def _failure_of(actions: list[str]) -> Persistence | None:
    """Return how a delivery failed by what became of a letter (RFC 3464, section 2.3.3)."""
    taken = [action.lower() for action in actions]
    if any(action.startswith(GAVE_UP) for action in taken):
        return Persistence.PERMANENT  # with a temporary status too: it was given up
    return Persistence.TEMPORARY if "delayed" in taken else None


def _is_receipt_or_complaint(message: Message, subject: str, said: str) -> bool:
    kind = str(message.get_param("report-type", "")).lower()
    if kind in {"disposition-notification", "feedback-report"} or "\nFeedback-Type:" in said:
        return True
    kinds = {part.get_content_type() for part in message.walk()}
    return bool(kinds & set(RECEIPTS)) or (is_complaint(subject) and not kinds & set(STATUS_PARTS))


def _is_from_a_server(message: Message) -> bool:
    """Whether a program that carries mail says this: a person's automatic reply may look alike."""
    if any(name in message for name in _says_so):
        return True
    if str(message.get_param("report-type", "")).lower() == "delivery-status":
        return True
    return any(
        _server.search(value.rpartition("@")[0] or value) or _no_sender.fullmatch(value)
        for header in ("From", "Sender")
        for value in [str(one).strip() for one in message.get_all(header, [])]
    )


def _reads_like_a_server(message: Message, subject: str) -> bool:
    """Whether a sender without a name that we know reports as a server does.

    It says so first of all, or it brings the letter back and takes no answer itself.
    """
    if is_answer(subject) or any(name in message for name in _marks_of_an_answer):
        return False
    if str(message.get("Auto-Submitted", "")).strip().lower().startswith("auto-replied"):
        return False
    if opens_with_a_failure(subject):
        return True
    returns = str(message.get("Return-Path", "?")).strip()
    return _no_sender.fullmatch(returns) is not None and any(
        part.get_content_type() in COPIES for part in message.walk()
    )


def _failure_in_words(message: Message, subject: str, said: str) -> Persistence | None:
    temporary, permanent = _seen_by_others(message)
    if is_delay(subject) or tries_on(said):
        return Persistence.TEMPORARY
    if permanent or begins_with_a_reply(said):
        return Persistence.PERMANENT
    if temporary:
        return Persistence.TEMPORARY
    if is_answer(subject):
        return None
    return Persistence.PERMANENT if gave_up(said) or names_a_fault(said) else None


def _seen_by_others(message: Message) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """Return the addresses that the detectors of a mailing list's program find in a report."""
    try:
        return all_failures(_shortened(message))
    except Exception:  # a detector stumbles over a header; the words are still there to read
        return frozenset(), frozenset()


def _shortened(message: Message) -> Message:
    """Return the mail with as much of its words as patterns of others may be held against.

    What is written in base64 or quoted-printable can have lines of any length.
    """
    left = MOST_HELD
    for part in message.walk():
        octets = part.get_payload(decode=True)
        if isinstance(octets, bytes):
            kept = octets[:left].decode("latin-1")
            left -= len(kept)
            del part["Content-Transfer-Encoding"]
            part.set_payload("\n".join(_pieces(kept)))
    return message


def _pieces(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        for at in range(0, len(line) or 1, LONGEST_PIECE):
            yield line[at : at + LONGEST_PIECE]
