"""Reads of recipients: who can act, and whose people live where."""

import re
from collections.abc import Iterable
from itertools import takewhile
from string import ascii_uppercase

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from petition.core.storage.database import session
from petition.recipients.models import Area, Mailroom, Recipient

WHOLE = (
    selectinload(Recipient.holders),
    selectinload(Recipient.areas),
    joinedload(Recipient.mailroom),
)
LONGEST_PREFIX = 12
_british = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][A-Z]{2})")


def area_code(postcode: str) -> str:
    """Return a postcode as areas have it: capitals and digits without anything between."""
    return "".join(letter for letter in postcode.upper() if letter.isalnum())[:LONGEST_PREFIX]


def area_prefixes(country: str, postcode: str) -> list[str]:
    """Return the areas that a postcode may be in, by how they begin.

    A British postcode has an outward and an inward part (BS 7666): `E1 4NS` is in E1 and not in
    E14, `SW1A 2AH` in SW1A, in SW1 and in SW. Without its space, what lies between could be either.
    """
    code = area_code(postcode)
    if country != "GB":
        return [code[:length] for length in range(len(code) + 1)]
    whole = _british.fullmatch(code)
    outward = whole[1] if whole else code
    letters = "".join(takewhile(str.isalpha, outward))
    return ["", letters, outward.rstrip(ascii_uppercase) or letters, outward, code]


def representatives_of(country: str, postcode: str) -> list[Recipient]:
    """Return who speaks for the people of a postcode, those with the narrowest area first."""
    prefixes = area_prefixes(country, postcode)
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
