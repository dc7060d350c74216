"""A delivery goes the ways that stand in one place, and the database lets it go no other."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from petition.campaigns.models import Campaign
from petition.core.storage.database import rows_of, session, transaction
from petition.deliveries.models import Delivery, DeliveryStep, StepKind
from petition.deliveries.steps import (
    WAYS,
    DayFault,
    fault_of_day,
    may_be_retracted,
    may_follow,
    offered,
)
from petition.petitions.queries import petition_by_slug
from petition.recipients.queries import recipient_by_slug
from tests.deliveries.making import (
    FOR_THE_PUBLIC,
    OFFICE,
    TODAY,
    ago,
    found,
    go_on,
    handed_over,
    organiser,
    planned,
)
from tests.factories import NOON, SLUG, load_sample

ON_THE_WAY = [kind for kind in StepKind if kind is not StepKind.RETRACTED]
STEPS = rows_of(DeliveryStep)


class Undone(Exception):
    """Takes everything back to where it was."""


@pytest.fixture
def who(database: str) -> int:
    """Somebody who records, once the sample is there."""
    load_sample(NOON)
    return organiser()


def begun() -> int:
    """Return the number of a delivery without any step, which no verb of ours makes."""
    petition, office = petition_by_slug(SLUG), recipient_by_slug(OFFICE)
    assert petition is not None
    assert office is not None
    delivery = Delivery(
        petition_id=petition.id,
        recipient_id=office.id,
        office=office.office,
        jurisdiction=office.jurisdiction,
        counted_until=TODAY,
        answer_days=30,
    )
    session.add(delivery)
    session.flush()
    return delivery.id


def row(delivery: int, number: int, kind: StepKind, who: int, **more: object) -> dict[str, Any]:
    """Return a step as a row with all that its kind needs."""
    needed = {**FOR_THE_PUBLIC.get(kind, {}), **more}
    return {
        "delivery_id": delivery,
        "number": number,
        "kind": kind,
        "day": TODAY,
        "recorded_at": NOON,
        "organiser_id": who,
        **needed,
    }


def may_go(way: list[StepKind], who: int) -> bool:
    """Whether the database lets a delivery go this way from its beginning."""
    try:
        with suppress(Undone), transaction() as writing:
            delivery = begun()
            for number, kind in enumerate(way, start=1):
                writing.execute(insert(STEPS).values(row(delivery, number, kind, who)))
            raise Undone
    except DatabaseError as error:
        if "delivery_goes_its_way" not in str(error):
            raise
        return False
    return True


def ways_to(kind: StepKind | None) -> list[StepKind]:
    """Return the shortest way that leads to a step."""
    ways: list[list[StepKind]] = [[]]
    while (ways[0][-1] if ways[0] else None) != kind:
        first = ways.pop(0)
        last = first[-1] if first else None
        ways += [[*first, after] for after in WAYS[last] if after not in first]
    return ways[0]


def test_the_database_lets_a_delivery_go_these_ways_and_no_other(who: int) -> None:
    found_ways = {
        before: {kind for kind in ON_THE_WAY if may_go([*ways_to(before), kind], who)}
        for before in WAYS
    }

    assert found_ways == {before: set(after) for before, after in WAYS.items()}
    session.commit()


def refused(writing: Any, *, by: str) -> None:
    """See that the database refuses a statement, by the name of a rule."""
    with pytest.raises(IntegrityError, match=by), transaction() as session_:
        session_.execute(writing)


def test_only_the_last_step_that_stands_is_taken_back_and_never_the_plan(who: int) -> None:
    number = handed_over(who)

    def retraction(of: int, place: int = 3) -> Any:
        return insert(STEPS).values(row(number, place, StepKind.RETRACTED, who, retracts=of))

    refused(retraction(1), by="delivery_goes_its_way")
    refused(retraction(7), by="delivery_goes_its_way")
    go_on(number, StepKind.RETRACTED, who)
    refused(retraction(2, 4), by="delivery_goes_its_way")  # it is taken back already
    refused(retraction(1, 4), by="delivery_goes_its_way")
    delivery = found(number)
    assert [step.kind for step in delivery.standing] == [StepKind.PLANNED]
    assert not may_be_retracted(delivery)
    assert not may_follow(delivery, StepKind.RETRACTED)

    go_on(number, StepKind.HANDED_OVER, who, ago(1))
    delivery = found(number)
    assert [step.number for step in delivery.standing] == [1, 4]
    assert offered(delivery) == WAYS[StepKind.HANDED_OVER]
    assert may_follow(delivery, StepKind.RETRACTED)


def test_steps_are_numbered_without_a_gap(who: int) -> None:
    number = planned(who)
    for place in (1, 3):
        wrong = insert(STEPS).values(row(number, place, StepKind.HANDED_OVER, who))
        refused(wrong, by="delivery_goes_its_way")


def test_what_was_recorded_never_changes_and_never_goes(who: int) -> None:
    handed_over(who)
    with transaction() as writing:
        writing.execute(update(Campaign).values(is_sample=False))

    refused(update(STEPS).values(day=ago(1)), by="delivery_step_never_changes")
    refused(update(STEPS).values(words="Nothing happened."), by="delivery_step_never_changes")
    refused(delete(STEPS), by="delivery_step_never_changes")
    refused(update(rows_of(Delivery)).values(answer_days=90), by="delivery_never_changes")


def test_a_note_may_be_sealed_under_another_key_and_nothing_else_of_it_may_change(
    who: int,
) -> None:
    planned(who, note="Ring before noon.")
    anew = {"note_box": b"sealed anew", "note_key": "another"}

    refused(update(STEPS).values(note_box=b"other words"), by="delivery_step_never_changes")
    refused(update(STEPS).values(**anew, day=ago(1)), by="delivery_step_never_changes")
    with transaction() as writing:
        writing.execute(update(STEPS).values(anew))


@pytest.mark.parametrize(
    ("kind", "wrong", "rule"),
    [
        (StepKind.HANDED_OVER, {"signature_count": 0}, "hand_over_says_what_and_where"),
        (StepKind.HANDED_OVER, {"to_whom": None}, "hand_over_says_what_and_where"),
        (StepKind.HANDED_OVER, {"language": None}, "public_in_a_language"),
        (StepKind.CLOSED, {"place": "London"}, "only_a_hand_over_says_where"),
        (StepKind.CLOSED, {"source_url": "https://example.org"}, "only_answers_have_sources"),
        (StepKind.PACKED, {"words": "In a box"}, "words_are_public"),
        (StepKind.PACKED, {"note_box": b"x"}, "note_has_its_key"),
        (StepKind.PACKED, {"day": date(1999, 12, 31)}, "day_is_of_our_time"),
    ],
)
def test_a_step_says_what_belongs_to_it(
    who: int, kind: StepKind, wrong: dict[str, object], rule: str
) -> None:
    refused(insert(STEPS).values(row(planned(who), 2, kind, who, **wrong)), by=rule)


def test_a_day_is_neither_to_come_nor_before_the_last_entry_s(who: int) -> None:
    number = planned(who)
    tomorrow = TODAY + timedelta(days=1)
    assert fault_of_day(found(number), ago(9), TODAY) is None  # a plan's own day binds nothing
    assert fault_of_day(found(number), tomorrow, TODAY) is None  # it is tomorrow somewhere
    assert fault_of_day(found(number), tomorrow, ago(1)) is DayFault.TO_COME

    go_on(number, StepKind.HANDED_OVER, who, ago(5))
    assert fault_of_day(found(number), ago(6), TODAY) is DayFault.BEFORE_THE_LAST
    assert fault_of_day(found(number), ago(5), TODAY) is None


def test_no_day_is_before_the_petition_s_first_unless_it_was_planned_before(who: int) -> None:
    first = date(2026, 11, 1)
    before = first - timedelta(days=1)
    number = planned(who)
    assert fault_of_day(found(number), first, TODAY) is None
    for day in (before, date(2006, 11, 20), date.min):
        assert fault_of_day(found(number), day, TODAY) is DayFault.BEFORE_THE_PETITION

    early = found(planned(who, at=datetime(2026, 10, 20, 12, tzinfo=UTC)))
    assert fault_of_day(early, before, TODAY) is None  # what came of it is closed
    assert fault_of_day(early, date(2026, 10, 19), TODAY) is DayFault.BEFORE_THE_PETITION


EMPTY = dict.fromkeys(
    ("place", "to_whom", "by_whom", "words", "source_url", "note_box", "note_key"), None
)


def test_the_words_of_what_was_taken_back_may_go_and_nothing_else_of_it(who: int) -> None:
    number = planned(who)
    go_on(number, StepKind.HANDED_OVER, who, words="Ms Example was there.", note="Ms Example")
    second = update(STEPS).where(STEPS.c.number == 2)
    emptied = {**EMPTY, "emptied_at": NOON}
    refused(second.values(emptied), by="delivery_step_never_changes")  # it stands

    go_on(number, StepKind.RETRACTED, who)
    first, third = (update(STEPS).where(STEPS.c.number == place) for place in (1, 3))
    refused(first.values(emptied), by="delivery_step_never_changes")  # a plan stands for ever
    refused(third.values({**emptied, "retracts": 1}), by="delivery_step_never_changes")
    with transaction() as writing:
        writing.execute(third.values(emptied))  # what takes back may name somebody too
    refused(second.values({**emptied, "day": ago(1)}), by="delivery_step_never_changes")
    refused(second.values({**emptied, "signature_count": 7}), by="delivery_step_never_changes")
    refused(second.values(EMPTY), by="delivery_step_never_changes")
    refused(second.values({**emptied, "words": "Others"}), by="emptied_says_nothing")
    with transaction() as writing:
        writing.execute(second.values(emptied))
    refused(second.values(emptied_at=None), by="delivery_step_never_changes")
    refused(
        insert(STEPS).values(row(number, 4, StepKind.HANDED_OVER, who, **emptied)),
        by="delivery_goes_its_way",
    )
