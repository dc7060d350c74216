"""Reads of gaps."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from petition.core.storage.database import session
from petition.gaps.models import Gap

WHOLE = (selectinload(Gap.texts), selectinload(Gap.asks), selectinload(Gap.standings))


def gap_by_slug(slug: str) -> Gap | None:
    """Return the gap with everything that its page shows."""
    return session.scalar(select(Gap).where(Gap.slug == slug).options(*WHOLE))
