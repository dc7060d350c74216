"""Reads of packs that somebody asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from petition.core.storage.database import session
from petition.deliveries.models import Delivery
from petition.deliveries.pack.models import DeliveryPack, DeliveryPackDownload
from petition.jobs.downloads import how_often, was_let
from petition.jobs.files import ready_jobs


def packs_of(delivery_id: int) -> list[DeliveryPack]:
    """Return the packs of a delivery, newest first."""
    statement = select(DeliveryPack).where(DeliveryPack.delivery_id == delivery_id)
    newest_first = statement.order_by(DeliveryPack.id.desc())
    return list(session.scalars(newest_first.execution_options(populate_existing=True)))


def pack_of(delivery_id: int, number: int) -> DeliveryPack | None:
    """Return a pack of a delivery."""
    pack = session.get(DeliveryPack, number, populate_existing=True)
    return pack if pack is not None and pack.delivery_id == delivery_id else None


def numbers_of(delivery_id: int) -> Mapping[int, int]:
    """Return which of its delivery's packs each is, from 1, by what it is known by to us."""
    its = select(DeliveryPack.id).where(DeliveryPack.delivery_id == delivery_id)
    found = session.scalars(its.order_by(DeliveryPack.id))
    return {pack: number for number, pack in enumerate(found, 1)}


def ready_for(organiser_id: int, at: datetime) -> list[DeliveryPack]:
    """Return the packs of an organiser that are there without their knowing it, by age."""
    statement = (
        select(DeliveryPack)
        .where(DeliveryPack.job_id.in_(ready_jobs(organiser_id, at)))
        .options(joinedload(DeliveryPack.delivery).joinedload(Delivery.petition))
        .order_by(DeliveryPack.id)
    )
    return list(session.scalars(statement))


def pack_taken_last(delivery_id: int, by: datetime) -> DeliveryPack | None:
    """Return the pack that somebody took away last before a moment: likely what was handed over.

    Where nobody took one it is the newest that was whole by then; None where there is none.
    """
    its = (DeliveryPackDownload.pack_id == DeliveryPack.id, DeliveryPackDownload.at <= by)
    taken = select(func.max(DeliveryPackDownload.at)).where(*its).scalar_subquery()
    whole = DeliveryPack.delivery_id == delivery_id, DeliveryPack.finished_at <= by
    last_first = taken.desc().nulls_last(), DeliveryPack.finished_at.desc(), DeliveryPack.id.desc()
    return session.scalar(select(DeliveryPack).where(*whole).order_by(*last_first).limit(1))


def downloads_of(packs: Sequence[DeliveryPack]) -> Mapping[int, int]:
    """Return how often each of these was taken away."""
    return how_often(DeliveryPackDownload.pack_id, [pack.id for pack in packs])


def may_download(pack: DeliveryPack, session_hash: bytes, at: datetime) -> bool:
    """Whether somebody was let take it away in this session, not long ago."""
    its = DeliveryPackDownload.pack_id == pack.id
    return was_let(DeliveryPackDownload, its, session_hash, at)
