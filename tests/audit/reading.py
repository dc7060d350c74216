"""Reading the log as it stands."""

from typing import Any

from sqlalchemy import select

from petition.audit.acts import Act
from petition.audit.models import Actor, AuditEntry
from petition.core.storage.database import session

Noted = tuple[Act, Actor, int | None, dict[str, Any]]
BEGINNINGS = {Act.LOG_BEGUN, Act.LOG_CHANGED}
"""How a log begins, the one of a test without an application included."""


def noted() -> list[Noted]:
    """Return what was done, by whom, and to what, in order."""
    session.rollback()
    found = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    told = [(Act(one.act), one.actor, one.organiser_id, dict(one.opened())) for one in found]
    session.rollback()
    return [one for one in told if one[0] not in BEGINNINGS]


def acts() -> list[Act]:
    """Return what was done, in order."""
    return [act for act, *_ in noted()]
