"""Reads of news, and of who gets them."""

from sqlalchemy import ColumnElement, func, literal_column, select, text

from petition.core.storage.database import session
from petition.signatures.models import TO_TELL, Signature
from petition.updates.models import STANDS, Update, UpdateKind

MOST_COUNTED = 20_000
MAY_BE_TOLD: ColumnElement[bool] = literal_column(f"({TO_TELL})")
"""In the words of the partial index, by which alone they are counted and found."""


def updates_of(delivery_id: int) -> list[Update]:
    """Return what was told of a delivery, and what put it right, but for what came to nothing."""
    its = select(Update).where(Update.delivery_id == delivery_id, text(STANDS)).order_by(Update.id)
    return list(session.scalars(its.execution_options(populate_existing=True)))


def update_of(delivery_id: int, kind: UpdateKind, *, is_correction: bool = False) -> Update | None:
    """Return what was told of a delivery when this happened, or what put that right."""
    found = (
        one
        for one in updates_of(delivery_id)
        if (one.kind, one.is_correction) == (kind, is_correction)
    )
    return next(found, None)


def signers_to_tell(petition_id: int) -> int:
    """Return how many would get news now."""
    told = select(func.count()).select_from(Signature)
    found = session.scalar(told.where(Signature.petition_id == petition_id, MAY_BE_TOLD))
    return found or 0


def some_signers_to_tell(petition_id: int) -> int:
    """Return how many would get news now, and one more than MOST_COUNTED where they are more.

    A page counts no further: of a million it takes a third of a second.
    """
    its = select(Signature.id).where(Signature.petition_id == petition_id, MAY_BE_TOLD)
    some = its.limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def last_signature() -> int:
    """Return the highest number that a signature has."""
    return session.scalar(select(func.max(Signature.id))) or 0
