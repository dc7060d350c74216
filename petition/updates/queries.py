"""Reads of news, and of who gets them."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, literal_column, select

from petition.core.storage.database import session
from petition.signatures.models import TO_TELL, Signature
from petition.updates.models import Update, UpdateKind

MAY_BE_TOLD: ColumnElement[bool] = literal_column(f"({TO_TELL})")
"""In the words of the partial index, by which alone they are counted and found."""


def updates_of(delivery_id: int) -> Mapping[UpdateKind, Update]:
    """Return what was told of a delivery, by its kind."""
    its = select(Update).where(Update.delivery_id == delivery_id)
    found = session.scalars(its.execution_options(populate_existing=True))
    return {update.kind: update for update in found}


def update_of(delivery_id: int, kind: UpdateKind) -> Update | None:
    """Return what was told of a delivery when this happened."""
    return updates_of(delivery_id).get(kind)


def signers_to_tell(petition_id: int) -> int:
    """Return how many would get news now."""
    told = select(func.count()).select_from(Signature)
    found = session.scalar(told.where(Signature.petition_id == petition_id, MAY_BE_TOLD))
    return found or 0


def last_signature() -> int:
    """Return the highest number that a signature has."""
    return session.scalar(select(func.max(Signature.id))) or 0
