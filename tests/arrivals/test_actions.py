"""What a form brought in is kept sealed and given out in its order; what is broken waits alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from petition.arrivals import actions as arrivals
from petition.arrivals.models import Arrival
from petition.core.keyring.sealing import SealBroken
from petition.core.storage.database import session, transaction
from tests.factories import NOON, rows

pytestmark = pytest.mark.usefixtures("database")

DRAFT, MOVED = bytes(31) + b"a", bytes(31) + b"b"
WORDS = b"Nadia Sample, nadia@example.org"


def arrive(*contents: bytes, about: bytes | None = None) -> None:
    """Let these arrive, one after the other."""
    with transaction():
        for content in contents:
            arrivals.append("signature", content, NOON, about=about)


def due(after: timedelta = timedelta(), most: int = 10) -> list[bytes]:
    """Return what is due, opened."""
    with transaction():
        return [one.opened() for one in arrivals.due(["signature"], NOON + after, most)]


def first_due(at: datetime) -> arrivals.Arrived:
    """Return the one that has waited longest, new or not."""
    return min(arrivals.due(["signature"], at, 10), key=lambda one: one.id)


def test_what_arrives_is_given_out_in_its_order_and_no_more_than_asked_for() -> None:
    arrive(b"1", b"2", b"3")

    assert due(most=2) == [b"1", b"2"]


def test_nothing_of_it_can_be_read_without_the_keys() -> None:
    arrive(WORDS)
    boxes = session.scalars(select(Arrival.content)).all()
    session.commit()

    assert not any(word in box for box in boxes for word in WORDS.split())
    assert due() == [WORDS]


def test_one_kind_cannot_be_given_out_for_another() -> None:
    arrive(WORDS)
    with transaction() as writing:
        writing.query(Arrival).update({Arrival.kind: "letter"})
    assert due() == []

    with pytest.raises(SealBroken), transaction():
        arrivals.due(["letter"], NOON, 1)[0].opened()


def test_what_is_taken_in_is_gone() -> None:
    arrive(b"1", b"2")
    with transaction():
        arrivals.drop(arrivals.due(["signature"], NOON, 1))

    assert due() == [b"2"]


def test_what_is_put_off_comes_again_after_growing_pauses() -> None:
    arrive(b"1", b"2")
    minute = timedelta(minutes=1)
    for at, pause in ((timedelta(), minute), (minute, 2 * minute)):
        with transaction():
            arrivals.put_off(first_due(NOON + at), NOON + at)
        assert due(at + pause - timedelta(seconds=1)) == [b"2"]
        assert due(at + pause) == [b"2", b"1"]  # it holds up none that is new


def test_what_came_from_a_draft_goes_with_it_and_follows_it() -> None:
    arrive(b"1", about=DRAFT)
    arrive(b"2")
    with transaction():
        arrivals.follow(DRAFT, MOVED)
        arrivals.take_back(DRAFT)
    assert due() == [b"1", b"2"]

    with transaction():
        arrivals.take_back(MOVED)
    assert due() == [b"2"]


def test_of_what_goes_from_one_draft_to_one_recipient_the_last_is_kept() -> None:
    with transaction():
        for aim, content in ((1, b"1"), (2, b"2"), (1, b"3")):
            arrivals.append("signature", content, NOON, about=DRAFT, aim=aim)

    assert due() == [b"2", b"3"]


def test_what_goes_to_one_recipient_is_taken_back_alone() -> None:
    with transaction():
        for aim in (1, 2):
            arrivals.append("signature", str(aim).encode(), NOON, about=DRAFT, aim=aim)
        arrivals.take_back(DRAFT, 1)

    assert due() == [b"2"]


def test_a_clock_that_goes_back_delays_nothing_that_has_arrived() -> None:
    arrive(b"1")
    ahead = NOON + timedelta(days=1)
    with transaction():
        arrivals.append("signature", b"2", ahead)
        arrivals.put_off(arrivals.due(["signature"], ahead, 10)[1], ahead)

    assert due(-timedelta(hours=1)) == [b"1", b"2"]


def test_the_hour_of_the_oldest_is_told_whether_it_is_due_or_not() -> None:
    assert arrivals.oldest_hour() is None
    with transaction():
        arrivals.append("signature", b"1", NOON + timedelta(minutes=59))
    assert arrivals.oldest_hour() == NOON
    with transaction():
        arrivals.put_off(first_due(NOON), NOON)

    assert arrivals.oldest_hour() == NOON
    session.commit()


@pytest.mark.parametrize(
    ("attempts", "after", "left"),
    [(1, arrivals.KEEP, 1), (1, arrivals.KEEP + timedelta(hours=1), 0), (0, timedelta(days=99), 1)],
)
def test_what_nobody_can_take_in_is_kept_for_a_week_and_what_nobody_has_tried_for_good(
    attempts: int, after: timedelta, left: int
) -> None:
    arrive(WORDS)
    with transaction() as writing:
        writing.query(Arrival).update({Arrival.attempts: attempts})
        arrivals.purge(NOON + after)

    assert rows(Arrival) == left
