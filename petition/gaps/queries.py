"""Reads of gaps."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from petition.core.storage.database import session
from petition.gaps.models import Gap

WHOLE = (selectinload(Gap.texts), selectinload(Gap.asks), selectinload(Gap.standings))


def gap_by_slug(slug: str) -> Gap | None:
    """Return the gap with everything that its page shows."""
    return session.scalar(select(Gap).where(Gap.slug == slug).options(*WHOLE))


def gap_to_change(gap_id: int) -> Gap | None:
    """Return a gap, locked until the transaction ends."""
    found = select(Gap).where(Gap.id == gap_id).options(*WHOLE).with_for_update(of=Gap)
    return session.scalar(found.execution_options(populate_existing=True))
