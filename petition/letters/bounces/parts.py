"""What stands in a mail that came back, as far as it is read: letters, fields, subject and words.

Anybody can write such a mail, so everything is cut to a length before it is looked at.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32

from petition.letters.bounces.words import on_one_line
from petition.letters.post.message import message_ids_in

LONGEST_READ = 256 * 1024
MOST_LINES = 5_000
LONGEST_LINE = 400
"""A report says what it has to say within these; patterns that run back and forth stay quick."""
LONGEST_FIELD = 1_000
"""Characters of a field of a head, however it is folded: its parameters are read by the square."""
MOST_SAID = 32 * 1024
MOST_NAMED = 20
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Received")
LONGEST_SUBJECT = 1_000
STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
COPIES = ("message/rfc822", "text/rfc822-headers")
NOTICE = re.compile(r'\b(?:notification|event)Type[\\"\s]{1,9}:[\\"\s]{1,9}(\w{1,20})')
"""A sending service's notice for programs, in JSON, perhaps within JSON."""
_copy = re.compile(
    r"^[- =]*+(below (this line )?is a copy|((?<=-)|(?<=- ))(this is a copy|original message|"
    r"returned message|the header)|(original )?message (headers )?follows?|"
    r"message headers follow|received: |return-path: )",
    re.IGNORECASE | re.MULTILINE,
)
_original_id = re.compile(rb"^message-id:\s{0,9}<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_tag = re.compile(r"<[^<>]{0,300}>")


class _ShortFields(Compat32):
    """Reads a head as it stands, of each field only the beginning."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return the name and the value of a field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_FIELD]


def parsed(raw: bytes) -> Message:
    """Return a mail in its parts, within the bounds."""
    return message_from_bytes(_within_bounds(raw), policy=_ShortFields())


def _within_bounds(raw: bytes) -> bytes:
    lines = raw[:LONGEST_READ].splitlines()[:MOST_LINES]
    return b"\n".join(folded for line in lines for folded in _folded(line))[:LONGEST_READ]


def _folded(line: bytes) -> Iterator[bytes]:
    """Yield a long line as a header is folded: what it says may stand at its end."""
    yield line[:LONGEST_LINE]
    for start in range(LONGEST_LINE, len(line), LONGEST_LINE):
        yield b" " + line[start : start + LONGEST_LINE]


def letters_named_in(message: Message) -> tuple[str, ...]:
    """Return the ids of the letters that a mail may be about, the likeliest first."""
    return tuple(dict.fromkeys(_named_in(message)))[:MOST_NAMED]


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
    if NOTICE.search(text):
        yield from message_ids_in(text.replace("\n ", ""))  # its lines are long, and were folded


def fields_in(message: Message) -> str:
    """Return what is written for programs (RFC 3464)."""
    return "\n".join(_blocks_in(message))[:MOST_SAID]


def _blocks_in(message: Message) -> Iterator[str]:
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


def subject_of(message: Message) -> str:
    """Return the subject on one line, decoded where that can be done."""
    raw = str(message.get("Subject", ""))[:LONGEST_SUBJECT]
    with suppress(LookupError, ValueError, MessageError):
        raw = str(make_header(decode_header(raw)))
    return on_one_line(raw)


def said_in(message: Message) -> str:
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
