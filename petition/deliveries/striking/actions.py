"""Recording that a notice was sent. Nothing here commits; the delivery is locked."""

from collections.abc import Collection
from datetime import date, datetime

from petition.audit import noting
from petition.audit.acts import Act
from petition.core.keyring.sealing import seal
from petition.core.storage.database import session
from petition.deliveries.striking.models import Sent, StrikeNotice, notice_context
from petition.deliveries.striking.withdrawals import Withdrawals


def note_sent(
    about: Withdrawals,
    records: Collection[int],
    day: date,
    said: Sent,
    organiser_id: int,
    at: datetime,
) -> StrikeNotice:
    """Record that the office was asked to strike these records; they are open no longer.

    Raises ValueError where one is not open, or there is none.
    """
    if not records or not set(records) <= {one.record for one in about.open}:
        raise ValueError("a notice is of records of which the office was not told yet")
    pack, number = about.pack, len(about.notices) + 1
    sealed = seal(said.to_bytes(), notice_context(pack.id, number))
    notice = StrikeNotice(
        pack_id=pack.id,
        number=number,
        sent_on=day,
        records=sorted(set(records)),
        said_box=sealed.box,
        said_key=sealed.key_id,
        recorded_at=at,
        organiser_id=organiser_id,
    )
    session.add(notice)
    session.flush()
    what = {"delivery": pack.delivery_id, "pack": pack.id, "rows": len(notice.records)}
    noting.note(Act.STRIKE_NOTICE_SENT, noting.organiser(organiser_id), at, **what)
    return notice
