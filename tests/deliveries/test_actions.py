"""What organisers record of a delivery is stored as they say it, and noted in the log."""

import pytest
from sqlalchemy import select, update

from petition.audit.acts import Act
from petition.audit.models import AuditEntry
from petition.core.storage.database import session, transaction
from petition.deliveries import actions
from petition.deliveries.models import DeliveryStep, StepKind
from petition.deliveries.queries import delivery_to_change
from petition.recipients.models import Recipient
from tests.deliveries.making import (
    OFFICE,
    TODAY,
    ago,
    found,
    go_on,
    handed_over,
    organiser,
    planned,
)
from tests.deliveries.pack.asking import asked
from tests.factories import NOON, SLUG, load_sample, spoil


@pytest.fixture
def who(database: str) -> int:
    """Somebody who records, once the sample is there."""
    load_sample(NOON)
    return organiser()


def test_a_hand_over_keeps_what_was_said_and_by_whom(who: int) -> None:
    delivery = found(handed_over(who, ago(2)))
    handed = delivery.handed_over

    assert handed is not None
    assert (handed.day, handed.signature_count, handed.organiser_id) == (ago(2), 1_243, who)
    assert handed.place == "King Charles Street, London"
    assert delivery.was_shown


def test_an_office_stays_called_as_it_was(who: int) -> None:
    number = planned(who)
    before = found(number).office_in("en")
    with transaction() as writing:
        renamed = update(Recipient).where(Recipient.slug == OFFICE)
        writing.execute(renamed.values(office={"en": "Minister for Something Else"}))

    assert found(number).office_in("en") == before
    assert before != "Minister for Something Else"


def test_what_may_not_follow_is_not_recorded(who: int) -> None:
    number = planned(who)
    with pytest.raises(ValueError, match="no delivery that is planned is answered next"):
        go_on(number, StepKind.ANSWERED, who)
    go_on(number, StepKind.HANDED_OVER, who)
    with pytest.raises(ValueError, match="the day is wrong"):
        go_on(number, StepKind.ANSWERED, who, ago(1))

    assert [step.kind for step in found(number).steps] == [StepKind.PLANNED, StepKind.HANDED_OVER]


def test_a_pack_of_another_delivery_was_not_handed_over_in_this_one(who: int) -> None:
    other = asked(planned(who), who)
    number = planned(who)
    for pack in (other.id, other.id + 1):
        with pytest.raises(ValueError, match="another delivery"):
            go_on(number, StepKind.HANDED_OVER, who, pack_id=pack)

    assert found(number).handed_over is None


def test_a_mistake_is_taken_back_and_stays_in_the_record(who: int) -> None:
    number = handed_over(who)
    go_on(number, StepKind.RETRACTED, who)
    delivery = found(number)

    assert delivery.handed_over is None
    assert delivery.was_shown
    assert len(delivery.steps) == 3
    assert delivery.retractions[2].words == "The day was wrong."
    go_on(number, StepKind.HANDED_OVER, who, ago(1))
    assert [step.day for step in found(number).standing] == [TODAY, ago(1)]


def test_what_was_written_of_a_mistake_is_removed_for_good_and_once(who: int) -> None:
    number = handed_over(who)

    def empty() -> None:
        with transaction():
            delivery = delivery_to_change(number)
            assert delivery is not None
            actions.empty(delivery, 2, who, NOON)

    with pytest.raises(ValueError, match="stay"):
        empty()
    go_on(number, StepKind.RETRACTED, who)
    empty()
    step = found(number).steps[1]
    assert (step.place, step.to_whom, step.by_whom, step.note) == (None, None, None, "")
    assert (step.day, step.signature_count, step.emptied_at) == (TODAY, 1_243, NOON)
    with pytest.raises(ValueError, match="stay"):
        empty()
    acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
    assert acts[-1] == Act.DELIVERY_STEP_EMPTIED
    session.commit()


def test_a_note_is_sealed_and_costs_itself_alone_where_it_does_not_open(who: int) -> None:
    number = planned(who, note="Ask for Ms Example.")
    box = session.scalars(select(DeliveryStep.note_box)).one()
    assert b"Example" not in (box or b"")
    assert found(number).steps[0].note == "Ask for Ms Example."

    spoil(DeliveryStep, "note_box", key="note_key")
    assert found(number).steps[0].note == ""


def test_each_step_is_noted_with_its_petition_and_delivery(who: int) -> None:
    number = planned(who)
    for kind in (
        *(StepKind.PACKED, StepKind.HANDED_OVER, StepKind.ANSWERED, StepKind.CLOSED),
        StepKind.RETRACTED,
    ):
        go_on(number, kind, who)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.organiser_id == who).order_by(AuditEntry.number)
    ).all()

    assert [entry.act for entry in entries] == [
        *(Act.DELIVERY_PLANNED, Act.DELIVERY_PACKED, Act.DELIVERY_HANDED_OVER),
        *(Act.DELIVERY_ANSWERED, Act.DELIVERY_CLOSED, Act.DELIVERY_STEP_RETRACTED),
    ]
    assert {str(entry.opened()) for entry in entries} == {
        str({"delivery": number, "petition": SLUG})
    }
    session.commit()
