"""Who took away, or was let take away, a file that a job has made."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from petition.core.storage.database import session
from petition.jobs.models import Download

LET_FOR = timedelta(hours=1)
"""How long a download that was let may be begun again where it broke off."""


def was_let(
    download: type[Download], its: ColumnElement[bool], session_hash: bytes, at: datetime
) -> bool:
    """Whether somebody was let take away what is `its` in this session, not long ago."""
    lately = exists().where(its, download.session_hash == session_hash, download.at > at - LET_FOR)
    return session.scalar(select(lately)) or False


def how_often(of: InstrumentedAttribute[int], numbers: Collection[int]) -> Mapping[int, int]:
    """Return how often each file was taken away; `of` is the column of downloads that names it."""
    counted = select(of, func.count()).where(of.in_(numbers)).group_by(of)
    return Counter(dict(session.execute(counted).all()))
