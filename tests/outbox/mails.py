"""Mails for tests of the outbox."""

from datetime import datetime

from petition.core.storage.database import session, transaction
from petition.outbox import actions, claiming
from petition.outbox.actions import Claim
from petition.outbox.messages import MailToWrite, Message, Wording
from petition.outbox.models import OutboxMail
from petition.signatures.emails import confirm_signature
from tests.factories import NOON


def message(to: str = "ana@example.org", **given: str) -> Message:
    """Return a mail."""
    values = {
        "subject": "Please confirm your e-mail address",
        "text": "Hello,\n\nhttp://localhost/en/confirm/abc\n",
        "html": "<p>Hello,</p>\n",
        **given,
    }
    return Message("confirm_signature", to, Wording(**values), link="")


def to_write(to: str = "ana@example.org") -> MailToWrite:
    """Return what a mail is to say."""
    return confirm_signature(
        to=to,
        language="en",
        petition_title="A petition",
        site_name="Test",
        confirm_url="http://localhost/en/confirm/abc",
    )


def claimed(to: str = "ana@example.org", **given: str) -> Claim:
    """Return a mail as a worker holds it that has claimed it."""
    return Claim(1, "0123456789abcdef" * 2, NOON, 0, message(to, **given))


def post(to: str = "ana@example.org", *, at: datetime = NOON, origin: str = "signature:1") -> None:
    """Queue a mail."""
    with transaction():
        actions.post(to_write(to), origin=origin, at=at)


def claim(worker: str, at: datetime = NOON, *, most: int = 20) -> list[Claim]:
    """Claim in a transaction."""
    with transaction():
        return claiming.claim(worker, at, most=most)


def beat(worker: str, at: datetime = NOON) -> None:
    """Give a worker's sign of life."""
    with transaction():
        actions.beat(worker, at)


def only_mail() -> OutboxMail:
    """Return the one mail there is, as it is now."""
    found = session.query(OutboxMail).populate_existing().one()
    session.commit()
    return found
