"""Reads of samples."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from petition.core.storage.database import session
from petition.deliveries.samples.models import SampleResult


def samples_of(pack_id: int) -> list[SampleResult]:
    """Return what was recorded of samples of a pack, the latest first."""
    found = select(SampleResult).where(SampleResult.pack_id == pack_id)
    whole = found.options(joinedload(SampleResult.pack)).order_by(SampleResult.id.desc())
    return list(session.scalars(whole))
