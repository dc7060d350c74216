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
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from flufl.bounce import all_failures

from petition.letters.delivery_status import code_in, names_a_cause
from petition.letters.message import message_ids_in

LONGEST_READ = 256 * 1024
MOST_LINES = 5_000
LONGEST_LINE = 400
"""A report says what it has to say within these; patterns that run back and forth stay quick."""
MOST_SAID = 32 * 1024
MOST_NAMED = 20
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Received")
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
GAVE_UP = ("fail", "error", "expire")
_server = re.compile(
    r"mail[-_. ]?(er)?[-_. ]?(daemon|delivery|admin)|post-?master|double-bounce|"
    r"microsoftexchange|^(system |mail |e-?mail )?administrator|mail (sub)?system",
    re.IGNORECASE,
)
_no_sender = re.compile(r"^<?(mailer-daemon)?>?$", re.IGNORECASE)
_says_so = ("X-Failed-Recipients", "X-MS-Exchange-Message-Is-Ndr")
_answers = re.compile(
    r"^\s*(re|aw|sv|tr|rv)\s*:|auto(matic|mated)?[- ]?(repl|respon|antw)|out of (the )?office|"
    r"vacation|holiday|abwesen|absen[ct]e|r[ée]ponse automatique|respuesta autom|risposta autom|"
    r"автоответ|رد تلقائي",
    re.IGNORECASE,
)
_complains = re.compile(r"complain|abuse|feedback|spam report|fbl", re.IGNORECASE)
_still_trying = re.compile(
    r"\bdelay|\bwarning\b|still being retried|not yet been delivered|will (be|keep|continue).{0,20}"
    r"(retr|try)|attempts will continue",
    re.IGNORECASE,
)
_gave_up = re.compile(
    r"\b55[0-4]\b|(?<![\d.])5\.[0-7]\.\d|undeliver|unable to deliver|returned? (mail|to sender)|"
    r"(delivery|mail|message).{0,40}\bfail|failure notice|failure reasons|fail(ed|ure) to deliver|"
    r"(not|n.t|cannot) (be )?(deliver|sent)|not able to deliver|permanent (fatal )?error|"
    r"giv(en|ing) up|error.{0,20}deliver|non[- ]?remis|impossible de (remettre|livrer)|"
    r"nicht (zu|aus)gestellt|unzustellbar|zustellung.{0,30}fehl|no se (pudo|ha podido) entregar|"
    r"não (foi|pôde)|impossibile (consegnare|recapitare)|не.{0,20}доставлен|недостав|"
    r"(送信|配信|配達|送達)でき|无法投递|退信|投递失败|تعذر",
    re.IGNORECASE | re.DOTALL,
)
_copy = re.compile(
    r"^[- =]*(below (this line )?is a copy|-+ ?(this is a copy|original message|returned message|"
    r"the header)|(original )?message (headers )?follows?|message headers follow|"
    r"received: |return-path: )",
    re.IGNORECASE | re.MULTILINE,
)
_action = re.compile(r"^[ \t]{0,9}action:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)
_original_id = re.compile(rb"^message-id:\s{0,9}<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_tag = re.compile(r"<[^<>]{0,300}>")

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
        message = message_from_bytes(_within_bounds(raw))
        named = tuple(dict.fromkeys(_named_in(message)))[:MOST_NAMED]
        fields = "\n".join(_fields_in(message))[:MOST_SAID]
        said = _said_in(message)
        failure = _failure_in(message, fields, said)
        return BounceReport(named, failure, code_in(fields, said) if failure else None)
    except Exception:  # whatever it is that nobody thought of: a stranger has written it
        return BounceReport((), None)


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
        yield from _ids_in(_outside(part).encode())


def _ids_in(words: object) -> Iterator[str]:
    if isinstance(words, bytes):
        yield from (found.decode().lower() for found in _original_id.findall(words))


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


def _said_in(message: Message) -> str:
    """Return the subject and what is written for people, up to the copy of what came back."""
    texts = [str(message.get("Subject", ""))]
    for part in message.walk():
        if part is not message and part.get_content_type() == "message/rfc822":
            break  # from here on it is the letter's own words
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
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    try:
        text = octets.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        text = octets.decode("utf-8", "replace")
    return _tag.sub(" ", text) if part.get_content_subtype() == "html" else text


def _failure_in(message: Message, fields: str, said: str) -> Persistence | None:
    """Return how a delivery failed: in the fields of RFC 3464, else in the words of a server."""
    if _is_receipt_or_complaint(message, said):
        return None
    actions = [action.lower() for action in _action.findall(fields)]
    if not actions and _is_from_a_server(message):
        actions = [action.lower() for action in _action.findall(said)]
    if any(action.startswith(GAVE_UP) for action in actions):
        return Persistence.PERMANENT  # with a temporary status too: it was given up
    if actions:
        return Persistence.TEMPORARY if "delayed" in actions else None
    return _failure_in_words(message, said) if _is_from_a_server(message) else None


def _is_receipt_or_complaint(message: Message, said: str) -> bool:
    kind = str(message.get_param("report-type", "")).lower()
    if kind in {"disposition-notification", "feedback-report"} or "\nFeedback-Type:" in said:
        return True
    kinds = {part.get_content_type() for part in message.walk()}
    return "message/feedback-report" in kinds or (
        _complains.search(str(message.get("Subject", ""))) is not None
        and not kinds & set(STATUS_PARTS)
    )


def _is_from_a_server(message: Message) -> bool:
    """Whether a program that carries mail says this: a person's automatic reply may look alike."""
    if any(name in message for name in _says_so):
        return True
    if str(message.get_param("report-type", "")).lower() == "delivery-status":
        return True
    for header in ("From", "Sender"):
        name, address = parseaddr(str(message.get(header, "")))
        if any(_server.search(one) for one in (name, address.rpartition("@")[0])):
            return True
    return _came_from_nobody(message) and not _is_answer(message)


def _came_from_nobody(message: Message) -> bool:
    """Whether a mail has no sender to return it to, and its subject says why it came."""
    subject = str(message.get("Subject", ""))
    sender = str(message.get("Return-Path", "?")).strip()
    return _no_sender.match(sender) is not None and _gave_up.search(subject) is not None


def _is_answer(message: Message) -> bool:
    return "In-Reply-To" in message or bool(_answers.search(str(message.get("Subject", ""))))


def _failure_in_words(message: Message, said: str) -> Persistence | None:
    subject = str(message.get("Subject", ""))
    temporary, permanent = all_failures(message)
    if _still_trying.search(subject):
        return Persistence.TEMPORARY
    if permanent:
        return Persistence.PERMANENT
    if temporary or _still_trying.search(said):
        return Persistence.TEMPORARY
    if _answers.search(subject):
        return None
    return Persistence.PERMANENT if _gave_up.search(said) or names_a_cause(said) else None
