"""A letter as the mail that an office receives."""

import re
from email.contentmanager import raw_data_manager
from email.message import EmailMessage
from email.utils import format_datetime

from petition.letters.letter.written import Written
from petition.letters.post.sending import ClaimedLetter
from petition.outbox.envelopes import Envelope
from petition.outbox.headers import AS_GIVEN, bare, mailbox, words

_return_tag = re.compile(r"\+([0-9a-f]{32})@", re.IGNORECASE)


def letter_envelope(
    letter: ClaimedLetter, *, sender: str, site_name: str, about_url: str
) -> Envelope:
    """Return a letter in its envelope, ready to leave.

    Its Message-ID never changes; its Date is that of leaving, since it may have waited for days.
    Bounces come back to an address of its own.
    """
    return Envelope(
        created_at=letter.created_at,
        message_id=letter.message_id,
        sender=return_address(sender, letter.message_id),
        to=letter.to,
        octets=bytes(mime(letter, letter.written, sender, site_name, about_url)),
    )


def mime(
    letter: ClaimedLetter, written: Written, sender: str, site_name: str, about_url: str
) -> EmailMessage:
    """Build the message: from us, in the writer's name, answered to the writer who agreed.

    Raises ValueError where something would not stay in its header.
    """
    writer = written.writer
    message = EmailMessage(policy=AS_GIVEN)
    message["From"] = mailbox(f"{writer.name} via {site_name}", sender)
    message["To"] = bare(letter.to)
    if written.reply_allowed:
        message["Reply-To"] = mailbox(writer.name, writer.email)
    message["Subject"] = words(written.subject)
    message["Date"] = format_datetime(letter.claimed_at)
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    text = with_foot(written.body, site_name, about_url)
    message.set_content(text, cte="quoted-printable", content_manager=raw_data_manager)
    return message


def with_foot(body: str, site_name: str, about_url: str) -> str:
    """Return the letter's words, and under the usual mark who has carried them."""
    words_alone = body.rstrip("\n")
    return f"{words_alone}\n\n-- \n{site_name}\n{about_url}\n"


def return_address(sender: str, message_id: str) -> str:
    """Return where servers send a letter back to; what came back names its letter by it."""
    local, _, domain = sender.rpartition("@")
    return f"{local}+{message_id}@{domain}"


def message_ids_in(text: str) -> list[str]:
    """Return the letters whose return addresses stand in a text, such as a header."""
    return [tag.lower() for tag in _return_tag.findall(text)]
