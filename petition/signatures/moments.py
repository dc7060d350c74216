"""When exactly a signature was made and confirmed: inside its seal; outside it says the hour.

Rows from before that was so have their moments moved, a few at a time. Nothing here commits.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import extract, func, or_, select

from petition.core.clock import hour_of
from petition.core.keyring.sealing import if_whole
from petition.core.storage.database import session
from petition.signatures.models import Signature
from petition.signatures.persons import Person

MOVED_AT_ONCE = 200
LOOKED_THROUGH = 50_000


@dataclass(frozen=True, slots=True)
class Moments:
    """When somebody signed, confirmed, and answered whether they may be mailed."""

    signed_at: datetime
    confirmed_at: datetime | None
    mail_answered_at: datetime


def moments_of(signature: Signature, person: Person | None) -> Moments:
    """Return the moments that stand in the seal; the hours where it does not open."""
    return Moments(
        signed_at=(person and person.signed_at) or signature.signed_at,
        confirmed_at=(person and person.confirmed_at) or signature.confirmed_at,
        mail_answered_at=(person and person.mail_answered_at) or signature.mail_answered_at,
    )


def to_move(after: int) -> list[int]:
    """Return the numbers of some signatures, beyond this one, whose rows tell a moment.

    So many are looked through at a time that no statement takes long, however many there are.
    """
    times = (Signature.signed_at, Signature.confirmed_at, Signature.mail_answered_at)
    within = [or_(extract("minute", time) > 0, extract("second", time) > 0) for time in times]
    last = session.scalar(select(func.max(Signature.id))) or 0
    for start in range(after, last, LOOKED_THROUGH):
        here = Signature.id > start, Signature.id <= start + LOOKED_THROUGH
        found = select(Signature.id).where(*here, or_(*within)).order_by(Signature.id)
        if numbers := list(session.scalars(found.limit(MOVED_AT_ONCE))):
            return numbers
    return []


def move_inside(numbers: list[int]) -> None:
    """Move the moments of these signatures into their seals.

    One that does not open stays as it is: it was promised to its export, should its key be found.
    """
    found = select(Signature).where(Signature.id.in_(numbers)).with_for_update(skip_locked=True)
    for signature in session.scalars(found.execution_options(populate_existing=True)):
        _move(signature)
    session.flush()


def _move(signature: Signature) -> None:
    person = if_whole(signature.opened)
    if person is None:
        return
    moments = asdict(moments_of(signature, person))
    sealed = replace(person, **moments).seal(signature.supporter_tag)
    signature.person, signature.person_key = sealed.box, sealed.key_id
    signature.signed_at = hour_of(signature.signed_at)
    signature.mail_answered_at = hour_of(signature.mail_answered_at)
    if signature.confirmed_at is not None:
        signature.confirmed_at = hour_of(signature.confirmed_at)
