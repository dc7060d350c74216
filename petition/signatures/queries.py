"""Reads of signatures."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal_column, select

from petition.core.database import session
from petition.signatures.models import Signature, SignatureState, Tally, Visibility
from petition.signatures.persons import first_name


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason that its author and a moderator let appear in public."""

    text: str
    name: str
    country: str
    confirmed_at: datetime


def shown_reasons(petition_id: int, *, most: int = 6) -> list[ShownReason]:
    """Return the newest reasons that may be shown, with the name as its owner chose."""
    statement = (
        select(Signature)
        .where(
            Signature.petition_id == petition_id,
            literal_column("signature.reason_shown"),  # as the partial index says it
            Signature.state == SignatureState.CONFIRMED,
            Signature.visibility != Visibility.PRIVATE,
            ~Signature.on_hold,
        )
        .order_by(Signature.confirmed_at.desc())
        .limit(most)
    )
    return [_shown(signature) for signature in session.scalars(statement)]


def _shown(signature: Signature) -> ShownReason:
    person = signature.opened()
    name = person.name
    if signature.visibility == Visibility.FIRST_NAME:
        name = first_name(name)
    moment = signature.confirmed_at or signature.signed_at
    return ShownReason(person.reason or "", name, signature.country, moment)


def tallied(petition_id: int) -> int:
    """Return the count that the petition's page shows."""
    return session.scalar(select(Tally.count).where(Tally.petition_id == petition_id)) or 0
