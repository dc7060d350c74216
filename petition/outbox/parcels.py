"""Parcels: finished messages, each with the envelope around it."""

from dataclasses import dataclass
from datetime import datetime
from email.contentmanager import raw_data_manager
from email.message import EmailMessage
from email.utils import format_datetime

from petition.outbox.actions import Claim
from petition.outbox.headers import AS_GIVEN, bare, words

QUOTED = "quoted-printable"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished message and the envelope around it."""

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


def parcel_of(claim: Claim, *, sender: str) -> Parcel:
    """Return a mail of the outbox, ready to leave."""
    return Parcel(
        created_at=claim.created_at,
        message_id=claim.message_id,
        sender=sender,
        to=claim.message.to,
        octets=bytes(mime(claim, sender=sender)),
    )


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
