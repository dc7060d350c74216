"""Reads of deliveries, and of how many signatures one can hold."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from petition.core.storage.database import session
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.petitions.models import Petition
from petition.signatures.models import HourTally, Removal
from petition.signatures.tally import counts

_whole = (selectinload(Delivery.steps), joinedload(Delivery.petition))


def all_deliveries() -> list[Delivery]:
    """Return every delivery, the one planned last first."""
    statement = select(Delivery).options(*_whole).order_by(Delivery.id.desc())
    return list(session.scalars(statement))


def deliveries_of(petition_id: int) -> list[Delivery]:
    """Return the deliveries of a petition, the one planned last first."""
    statement = select(Delivery).where(Delivery.petition_id == petition_id).options(*_whole)
    return list(session.scalars(statement.order_by(Delivery.id.desc())))


def delivery_by_number(number: int) -> Delivery | None:
    """Return a delivery with its steps."""
    return session.scalar(select(Delivery).where(Delivery.id == number).options(*_whole))


def delivery_to_change(number: int) -> Delivery | None:
    """Return a delivery, locked until the transaction ends."""
    return session.scalar(
        select(Delivery)
        .where(Delivery.id == number)
        .options(*_whole)
        .with_for_update(of=Delivery)
        .execution_options(populate_existing=True)
    )


def all_handed_over() -> list[Delivery]:
    """Return what was handed over, the latest first."""
    return _handed_over()


def any_handed_over() -> bool:
    """Whether anything ever was handed over."""
    ever = select(DeliveryStep.id).where(DeliveryStep.kind == StepKind.HANDED_OVER).limit(1)
    return session.scalar(ever) is not None


def handed_over_of(petition_id: int) -> list[Delivery]:
    """Return what was handed over of a petition, the latest first."""
    return _handed_over(Delivery.petition_id == petition_id)


def handed_over_about(gap_id: int) -> list[Delivery]:
    """Return what was handed over of the petitions that ask to close a gap, the latest first."""
    return _handed_over(Delivery.petition.has(Petition.gap_id == gap_id))


def handed_over_in(campaign_id: int) -> list[Delivery]:
    """Return what was handed over of a campaign's petitions, the latest first."""
    return _handed_over(Delivery.petition.has(Petition.campaign_id == campaign_id))


def _handed_over(*which: ColumnElement[bool]) -> list[Delivery]:
    ever = Delivery.steps.any(DeliveryStep.kind == StepKind.HANDED_OVER)
    found = session.scalars(select(Delivery).where(ever, *which).options(*_whole))
    return _latest_first(found)


def _latest_first(deliveries: Iterable[Delivery]) -> list[Delivery]:
    dated = [(step.day, one.id, one) for one in deliveries if (step := one.handed_over)]
    return [one for _day, _id, one in sorted(dated, key=lambda entry: entry[:2], reverse=True)]


def tallied_until(petition_id: int, day: date) -> int:
    """Return how many signatures count that were confirmed up to the end of a UTC day."""
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    tallied = select(func.sum(HourTally.count)).where(
        HourTally.petition_id == petition_id, HourTally.hour < end
    )
    return int(session.scalar(tallied) or 0)


def most_ever(petition_id: int) -> int:
    """Return how many signatures can have counted at one time: no list was longer."""
    removed = select(func.count()).where(
        Removal.petition_id == petition_id, Removal.confirmed_at.is_not(None)
    )
    return counts([petition_id])[petition_id] + (session.scalar(removed) or 0)
