"""Reads of recipients: who can act, and whose people live where."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from petition.core.database import session
from petition.recipients.models import Area, Mailroom, Recipient

WHOLE = (
    selectinload(Recipient.holders),
    selectinload(Recipient.areas),
    joinedload(Recipient.mailroom),
)
LONGEST_PREFIX = 12


def area_code(postcode: str) -> str:
    """Return a postcode as areas have it: capitals and digits without anything between."""
    return "".join(letter for letter in postcode.upper() if letter.isalnum())[:LONGEST_PREFIX]


def representatives_of(country: str, postcode: str) -> list[Recipient]:
    """Return who speaks for the people of a postcode, those with the narrowest area first."""
    code = area_code(postcode)
    prefixes = [code[:length] for length in range(len(code), -1, -1)]
    found = session.execute(
        select(Recipient, Area.prefix)
        .join(Area, Area.recipient_id == Recipient.id)
        .where(Area.country == country, Area.prefix.in_(prefixes))
        .options(*WHOLE)
        .order_by(Recipient.id)
    )
    nearest: dict[int, tuple[int, Recipient]] = {}
    for recipient, prefix in found:
        known = nearest.get(recipient.id)
        if known is None or len(prefix) > known[0]:
            nearest[recipient.id] = (len(prefix), recipient)
    return [one for _, one in sorted(nearest.values(), key=lambda pair: -pair[0])]


def all_recipients() -> list[Recipient]:
    """Return every recipient, by jurisdiction and slug."""
    statement = select(Recipient).options(*WHOLE)
    return list(session.scalars(statement.order_by(Recipient.jurisdiction, Recipient.slug)))


def recipients_of_letters() -> list[Recipient]:
    """Return every recipient that takes letters; first those from whom a letter came back."""
    statement = select(Recipient).join(Recipient.mailroom).options(*WHOLE)
    suspect_first = Mailroom.suspect_since.is_(None)
    return list(
        session.scalars(statement.order_by(suspect_first, Recipient.jurisdiction, Recipient.slug))
    )


def mailroom_for_decision(slug: str) -> Mailroom | None:
    """Return how a recipient takes letters, locked until the transaction ends."""
    return session.scalar(
        select(Mailroom)
        .join(Mailroom.recipient)
        .where(Recipient.slug == slug)
        .with_for_update(of=Mailroom)
        .execution_options(populate_existing=True)
    )


def recipient_by_slug(slug: str) -> Recipient | None:
    """Return the recipient with its holders and areas."""
    return session.scalar(select(Recipient).where(Recipient.slug == slug).options(*WHOLE))


def recipients_by_id(recipient_ids: Iterable[int]) -> dict[int, Recipient]:
    """Return these recipients, each with its mailroom."""
    statement = select(Recipient).where(Recipient.id.in_(set(recipient_ids)))
    found = session.scalars(statement.options(joinedload(Recipient.mailroom)))
    return {recipient.id: recipient for recipient in found}
