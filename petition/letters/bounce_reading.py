"""What a mail says of a letter that came back, and whether it came back for good.

Anybody can write such a mail, so little of it is read and less believed. The one thing trusted is
a letter's message id: it is random, and nobody has it but the servers and the office that it went
to. All that a forger who has it could do is to make an office's queue pause. A report that is not
seen costs more: every later letter to that office.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from enum import StrEnum

from flufl.bounce import all_failures

from petition.letters.bounce_words import (
    begins_with_a_reply,
    gave_up,
    is_answer,
    is_complaint,
    is_delay,
    on_one_line,
    opens_with_a_failure,
    tries_on,
)
from petition.letters.delivery_status import code_in, names_a_fault
from petition.letters.message import message_ids_in

LONGEST_READ = 256 * 1024
MOST_LINES = 5_000
LONGEST_LINE = 400
"""A report says what it has to say within these; patterns that run back and forth stay quick."""
LONGEST_FIELD = 1_000
"""Characters of a field of a head, however it is folded: its parameters are read by the square."""
MOST_SAID = 32 * 1024
MOST_HELD = 16 * 1024
LONGEST_PIECE = 120
"""What the patterns of others are held against: some take the third power of a line's length."""
MOST_NAMED = 20
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Received")
LONGEST_SUBJECT = 1_000
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
RECEIPTS = ("message/feedback-report", "message/disposition-notification")
COPIES = ("message/rfc822", "text/rfc822-headers")
GAVE_UP = ("fail", "error", "expire")
_server = re.compile(
    r"mail[-_. ]?(er)?[-_. ]?(daemon|delivery)|post[-_]?master|double-bounce|"
    r"microsoftexchange|^\W?mail (sub)?system|^mdaemon",
    re.IGNORECASE,
)
_no_sender = re.compile(r"[^<]*<>|<?(mailer-daemon)?>?", re.IGNORECASE)
_says_so = ("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr")
_marks_of_an_answer = ("In-Reply-To", "X-Autoreply", "X-Autorespond", "X-Autoresponder")
_copy = re.compile(
    r"^[- =]*+(below (this line )?is a copy|((?<=-)|(?<=- ))(this is a copy|original message|"
    r"returned message|the header)|(original )?message (headers )?follows?|"
    r"message headers follow|received: |return-path: )",
    re.IGNORECASE | re.MULTILINE,
)
_action = re.compile(r"^[ \t]{0,9}action:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_notice = re.compile(r'\b(?:notification|event)Type[\\"\s]{1,9}:[\\"\s]{1,9}(\w{1,20})')
"""A sending service's notice for programs, in JSON, perhaps within JSON."""
_noticed_action = re.compile(r'"action[\\"\s]{1,9}:[\\"\s]{1,9}(\w{1,20})')
_original_id = re.compile(rb"^message-id:\s{0,9}<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_tag = re.compile(r"<[^<>]{0,300}>")

_words_of_a_mail = logging.getLogger("flufl.bounce")
_words_of_a_mail.addHandler(logging.NullHandler())
_words_of_a_mail.propagate = False  # what it logs of a mail may name a person


class _ShortFields(Compat32):
    """Reads a head as it stands, of each field only the beginning."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_FIELD]


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
        message = message_from_bytes(_within_bounds(raw), policy=_ShortFields())
        named = tuple(dict.fromkeys(_named_in(message)))[:MOST_NAMED]
        fields = "\n".join(_fields_in(message))[:MOST_SAID]
        subject, said = _subject_of(message), _said_in(message)
        failure = _failure_in(message, fields, subject, said)
        return BounceReport(named, failure, code_in(fields, said, subject) if failure else None)
    except Exception:  # whatever it is that nobody thought of: a stranger has written it
        return BounceReport((), None)


def _within_bounds(raw: bytes) -> bytes:
    lines = raw[:LONGEST_READ].splitlines()[:MOST_LINES]
    return b"\n".join(folded for line in lines for folded in _folded(line))[:LONGEST_READ]


def _folded(line: bytes) -> Iterator[bytes]:
    """Yield a long line as a header is folded: what it says may stand at its end."""
    yield line[:LONGEST_LINE]
    for start in range(LONGEST_LINE, len(line), LONGEST_LINE):
        yield b" " + line[start : start + LONGEST_LINE]


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
            yield from _ids_in_notice(_decoded(part))
        yield from _ids_in(_outside(part).encode())


def _ids_in(words: object) -> Iterator[str]:
    if isinstance(words, bytes):
        yield from (found.decode().lower() for found in _original_id.findall(words))


def _ids_in_notice(text: str) -> Iterator[str]:
    if _notice.search(text):
        yield from message_ids_in(text.replace("\n ", ""))  # its lines are long, and were folded


def _fields_in(message: Message) -> Iterator[str]:
    """Yield the blocks that are written for programs (RFC 3464)."""
    for part in message.walk():
        if part.get_content_type() not in STATUS_PARTS:
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else [blocks]:
            yield _as_text(block) if isinstance(block, Message) else str(block)


def _as_text(block: Message) -> str:
    """Return the lines of a block of fields; the parser may take the second block for a body."""
    body = block.get_payload()
    fields = [f"{name}: {value}" for name, value in block.items()]
    return "\n".join([*fields, body if isinstance(body, str) else ""])


def _subject_of(message: Message) -> str:
    """Return the subject on one line, decoded where that can be done."""
    raw = str(message.get("Subject", ""))[:LONGEST_SUBJECT]
    with suppress(LookupError, ValueError, MessageError):
        raw = str(make_header(decode_header(raw)))
    return on_one_line(raw)


def _said_in(message: Message) -> str:
    """Return what is written for people, up to the copy of what came back."""
    texts: list[str] = []
    for part in message.walk():
        if part is not message and part.get_content_type() in COPIES:
            break  # from here on it is the letter's own words
        if sum(map(len, texts)) > MOST_SAID:
            break
        texts.append(_outside(part))
        if part.get_content_maintype() == "text":
            texts.append(_decoded(part))
    said = "\n".join(texts)[:MOST_SAID]
    copy = _copy.search(said)
    return said[: copy.start()] if copy else said


def _outside(part: Message) -> str:
    """Return what stands outside of the parts, where a boundary was lost on the way."""
    if part.get_content_maintype() != "multipart":
        return ""
    payload = part.get_payload()
    whole = payload if isinstance(payload, str) else ""
    return "\n".join([part.preamble or "", whole, part.epilogue or ""])


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    octets = payload[:MOST_SAID]
    try:
        text = octets.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        text = octets.decode("utf-8", "replace")
    return _tag.sub(" ", text) if part.get_content_subtype() == "html" else text


def _failure_in(message: Message, fields: str, subject: str, said: str) -> Persistence | None:
    """Return how a delivery failed: in the fields of RFC 3464, else in the words of a server."""
    if _is_receipt_or_complaint(message, subject, said):
        return None
    notice = _notice.search(said)
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
