"""A letter as the mail that an office receives."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from petition.letters.sending import ClaimedLetter
from petition.outbox.transports import Parcel, file_name

LONGEST_NAME = 120
_return_tag = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)


def letter_parcel(letter: ClaimedLetter, *, sender: str, site_name: str, about_url: str) -> Parcel:
    """Return a letter with its envelope, ready to leave.

    Its Message-ID and Date never change; bounces come back to an address of its own.
    """
    return Parcel(
        name=file_name(letter.created_at, letter.message_id),
        sender=return_address(sender, letter.message_id),
        to=letter.to,
        octets=bytes(mime(letter, sender=sender, site_name=site_name, about_url=about_url)),
    )


def mime(letter: ClaimedLetter, *, sender: str, site_name: str, about_url: str) -> EmailMessage:
    """Build the message: from us, in the writer's name, answered to the writer who agreed."""
    writer = letter.written.writer
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=f"{writer.name} via {site_name}", addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    if letter.written.reply_allowed:
        message["Reply-To"] = Address(display_name=writer.name, addr_spec=writer.email)
    message["Subject"] = letter.written.subject
    message["Date"] = format_datetime(letter.confirmed_at)
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    message.set_content(with_foot(letter, site_name, about_url), cte="quoted-printable")
    return message


def with_foot(letter: ClaimedLetter, site_name: str, about_url: str) -> str:
    """Return the letter's words, and under the usual mark who has carried them."""
    body = letter.written.body.rstrip("\n")
    return f"{body}\n\n-- \n{site_name}\n{about_url}\n"


def return_address(sender: str, message_id: str) -> str:
    """Return where servers send a letter back to; what came back names its letter by it."""
    local, _, domain = sender.rpartition("@")
    return f"{local}+{message_id}@{domain}"


def message_ids_in(text: str) -> list[str]:
    """Return the letters whose return addresses stand in a text, such as a header."""
    return [tag.lower() for tag in _return_tag.findall(text)]
