"""Envelopes: finished messages, each with the addresses on the outside."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.contentmanager import raw_data_manager
from email.message import EmailMessage
from email.utils import format_datetime
from functools import lru_cache

from petition.outbox.actions import Claim
from petition.outbox.headers import AS_GIVEN, bare, one_header, words
from petition.outbox.messages import LINK_HERE, Message, Wording

QUOTED = "quoted-printable"
SOFT_BREAK = "(?:=\r\n)?"
"""Where quoted-printable may break a line (RFC 2045 6.7, rule 5)."""
_goes_as_it_is = re.compile(rb"[A-Za-z0-9:/._~-]{32,}")
"""A link that neither HTML nor quoted-printable writes in another way, and as long at least as what
stands in for it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A finished message in its envelope: what the server reads of it, and what it carries."""

    created_at: datetime
    message_id: str
    sender: str
    """Where the servers return it to."""
    to: str
    octets: bytes

    def __post_init__(self) -> None:
        """Raise ValueError where an address would not stay one command's."""
        for address in (self.sender, self.to):
            bare(address).encode("ascii")

    @property
    def name(self) -> str:
        """The name of its file, where it goes into a folder: the oldest first."""
        return f"{self.created_at:%Y%m%dT%H%M%S}-{self.message_id}.eml"


def envelope_of(claim: Claim, *, sender: str) -> Envelope:
    """Return a mail of the outbox, ready to leave.

    Raises ValueError where something would not stay in its header.
    """
    return Envelope(
        created_at=claim.created_at,
        message_id=claim.message_id,
        sender=sender,
        to=claim.message.to,
        octets=_own_headers(claim, sender) + _shared(claim.message, sender),
    )


def _own_headers(claim: Claim, sender: str) -> bytes:
    """Write the headers that only this mail has; they never change between attempts."""
    headers = {
        "To": bare(claim.message.to),
        "Date": format_datetime(claim.created_at),
        "Message-ID": f"<{claim.message_id}@{sender.rpartition('@')[2]}>",
    }
    written = b"".join(AS_GIVEN.fold_binary(name, value) for name, value in headers.items())
    return written + _ending(claim.message) if claim.message.is_news else written


def _ending(message: Message) -> bytes:
    """Write the headers with which a mail program ends news in one click (RFC 8058).

    Each is one line: programs that read them do not all know that a header may be folded.
    """
    address = one_header(message.link)
    if set(address) & set("<>, "):
        raise ValueError("no address to end news at")
    lines = f"List-Unsubscribe: <{address}>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _shared(message: Message, sender: str) -> bytes:
    """Write what every mail of this wording says, with the link of this one in its places."""
    link = message.link.encode()
    if not _goes_as_it_is.fullmatch(link):
        return _written(message, sender)
    pieces = _cut(message.wording, len(link), sender)
    return b"".join(link[piece] if isinstance(piece, slice) else piece for piece in pieces)


@lru_cache(maxsize=256)
def _cut(wording: Wording, link_length: int, sender: str) -> tuple[bytes | slice, ...]:
    """Cut a wording, written once, at its links of this length; a slice is a part of a link.

    A link that is long may be broken over two lines, always at the same place.
    """
    stand_in = LINK_HERE.ljust(link_length, "-")
    octets = _written(Message("", "", wording, stand_in), sender)
    pieces: list[bytes | slice] = []
    end = 0
    for found in re.finditer(SOFT_BREAK.join(stand_in).encode(), octets):
        pieces.append(octets[end : found.start()])
        begin = 0
        for part in found[0].split(b"=\r\n"):
            pieces += [slice(begin, begin + len(part)), b"=\r\n"]
            begin += len(part)
        pieces.pop()
        end = found.end()
    return (*pieces, octets[end:])


def _written(message: Message, sender: str) -> bytes:
    """Write what is not the mail's own alone: the headers that others have too, and the words.

    The sender has no display name: what stands in an inbox must not tell a campaign's name.
    """
    mime = EmailMessage(policy=AS_GIVEN)
    mime["From"] = bare(sender)
    mime["Subject"] = words(message.subject)
    mime["Auto-Submitted"] = "auto-generated"
    mime.set_content(message.text, cte=QUOTED, content_manager=raw_data_manager)
    mime.add_alternative(message.html, subtype="html", cte=QUOTED, content_manager=raw_data_manager)
    return bytes(mime)
