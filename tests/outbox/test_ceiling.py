"""The site's unconfirmed mail has a ceiling an hour: what is beyond it waits, and is never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from petition.core.storage.database import session, transaction
from petition.letters import removals
from petition.letters.letter.models import Letter
from petition.outbox import actions, ceiling, claiming
from petition.outbox.actions import Claim
from petition.outbox.models import MailState, OutboxMail, UnconfirmedMail
from petition.signatures.models import Signature
from petition.signatures.removals import purge_pending
from tests.factories import NOON, load_sample, make_ask, rows, sign
from tests.letters.posting import finished, hand_in
from tests.outbox.mails import beat, to_write

HOUR = timedelta(hours=1)
CEILING = 5

pytestmark = pytest.mark.usefixtures("database")


def post(count: int, *, unconfirmed: bool = True, at: datetime = NOON) -> None:
    """Queue mails, each to another address and a second after the one before."""
    with transaction():
        for number in range(count):
            to = f"somebody{number}@example.org"
            due = at + timedelta(seconds=number)
            actions.post(to_write(to), origin="signature:1", at=due, unconfirmed=unconfirmed)


def claim(at: datetime = NOON + HOUR / 2, *, worker: str = "w1", most: int = 20) -> list[Claim]:
    """Claim what may leave."""
    beat(worker, at)
    with transaction():
        return claiming.claim(worker, at, most=most, ceiling=CEILING)


def sent(claimed: list[Claim], at: datetime = NOON) -> None:
    """Note that they have left."""
    with transaction():
        actions.sent(claimed, at)


def waiting() -> int:
    """Return how many mails have still to leave."""
    found = session.scalars(select(OutboxMail.state)).all()
    session.commit()
    return found.count(MailState.QUEUED)


def test_beyond_the_ceiling_mail_waits_for_the_next_hour_and_all_of_it_leaves() -> None:
    post(12)
    left = []
    for hour in range(3):
        at = NOON + HOUR / 2 + hour * HOUR
        while some := claim(at, most=3):
            sent(some, at)
            left.append((hour, len(some)))
    by_hour = [sum(n for when, n in left if when == hour) for hour in range(3)]

    assert by_hour == [5, 5, 2]
    assert waiting() == 0


def test_other_mail_leaves_past_what_waits() -> None:
    post(CEILING + 3)
    sent(claim())
    post(4, unconfirmed=False)

    assert [one.counted_in for one in claim()] == [None] * 4
    assert waiting() == 3


def test_what_waits_is_neither_put_off_nor_counted_as_tried() -> None:
    post(CEILING + 1)
    sent(claim())
    [mail] = session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.QUEUED))
    session.commit()

    assert (mail.claims, mail.attempts, mail.last_answer) == (0, 0, None)
    assert mail.due_at < NOON + HOUR / 2


def used() -> list[int]:
    """Return how much was counted in each hour."""
    found = session.scalars(select(UnconfirmedMail.used).order_by(UnconfirmedMail.hour)).all()
    session.commit()
    return list(found)


def test_a_mail_that_is_not_tried_does_not_count() -> None:
    post(CEILING)
    for _ in range(3):
        claimed = claim()
        assert (len(claimed), used()) == (CEILING, [CEILING])
        with transaction():
            actions.released(claimed[1:])
            actions.wait_for_tomorrow(claimed[0], NOON - HOUR * 24)  # it is tomorrow already

    assert used() == [0]


def test_each_time_that_the_mail_server_is_tried_counts() -> None:
    post(3)
    for _ in range(2):
        claimed = claim()
        with transaction():
            for one in claimed:
                actions.postponed(one, "451", NOON, first_pause=HOUR / 60)

    assert used() == [CEILING]
    assert waiting() == 3


def test_several_workers_share_one_ceiling() -> None:
    post(30)

    def work(number: int) -> int:
        try:
            left = 0
            for _ in range(4):
                claimed = claim(worker=f"w{number}", most=2)
                sent(claimed)
                left += len(claimed)
            return left
        finally:
            session.remove()

    with ThreadPoolExecutor(4) as pool:
        left = sum(pool.map(work, range(4)))
    while some := claim(worker="w9"):
        sent(some)
        left += len(some)
    assert (left, used(), waiting()) == (CEILING, [CEILING], 30 - CEILING)


def test_without_a_ceiling_nothing_is_counted() -> None:
    post(CEILING + 1)
    beat("w1")
    with transaction():
        assert len(claiming.claim("w1", NOON + HOUR / 2, most=20)) == CEILING + 1

    assert rows(UnconfirmedMail) == 0


def test_that_it_was_reached_is_known_for_this_hour_and_the_next() -> None:
    assert not ceiling.was_reached(NOON, CEILING)
    post(CEILING)
    claim()

    reached = [ceiling.was_reached(NOON + hours * HOUR, CEILING) for hours in range(3)]
    session.commit()
    assert reached == [True, True, False]


def test_counts_of_past_days_are_forgotten() -> None:
    post(1)
    claim()
    with transaction():
        actions.purge(NOON + timedelta(days=4))

    assert rows(UnconfirmedMail) == 0


def test_what_could_not_leave_in_a_week_is_not_forgotten_unconfirmed() -> None:
    load_sample(NOON - timedelta(days=10))
    ask = make_ask()
    sign(ask, at=NOON)
    hand_in(finished(), NOON)
    post(CEILING, at=NOON - HOUR)
    late = NOON + timedelta(days=8)
    assert len(claim(late)) == CEILING
    with transaction():
        purge_pending(late)
        removals.purge(late)

    assert (rows(Signature), rows(Letter)) == (1, 1)
    with transaction():
        purge_pending(late + timedelta(days=2))
        removals.purge(late + timedelta(days=2))
    assert (rows(Signature), rows(Letter)) == (0, 0)


def test_confirmations_count_for_the_ceiling_and_nothing_else_does() -> None:
    ask = make_ask()
    sign(ask)
    hand_in(finished())
    found = session.execute(select(OutboxMail.kind, OutboxMail.unconfirmed)).all()
    session.commit()

    assert {tuple(row) for row in found} == {("confirm_signature", True), ("confirm_letter", True)}
