"""The kill switch of a letter campaign: who pressed it is remembered, and it is pressed once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from petition.core.storage.database import transaction
from petition.letters.campaigns import halting
from petition.letters.campaigns.halting import PastHalt, past_halts
from petition.letters.campaigns.models import LetterCampaign, LetterHalt
from petition.letters.campaigns.queries import letter_campaign_to_change
from tests.factories import NOON, load_sample, make_organiser, rows
from tests.letters.fates import claimed
from tests.letters.posting import LETTER, letter_campaign, queued

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def sample(database: str) -> None:
    """The letters of the sample are open."""
    load_sample(NOON)


def to_change() -> LetterCampaign:
    """Return the letter campaign, locked."""
    found = letter_campaign_to_change(LETTER)
    assert found is not None
    return found


def stop(organiser_id: int, at: datetime = NOON) -> LetterHalt | None:
    """Press the switch; return the halt that was there before."""
    with transaction():
        return halting.halt(to_change(), organiser_id, at)


def resume(organiser_id: int, at: datetime = NOON) -> bool:
    """Release the switch; return whether it was pressed."""
    with transaction():
        return halting.resume(to_change(), organiser_id, at)


def test_each_halt_says_who_made_it_begin_and_end_the_newest_first() -> None:
    one, other = make_organiser().id, make_organiser().id
    stop(one)
    resume(other, NOON + HOUR)
    stop(other, NOON + 2 * HOUR)
    resume(one, NOON + 3 * HOUR)
    stop(one, NOON + 4 * HOUR)

    assert past_halts(letter_campaign().id) == [
        PastHalt(NOON + 2 * HOUR, other, NOON + 3 * HOUR, one),
        PastHalt(NOON, one, NOON + HOUR, other),
    ]
    halt = letter_campaign().halt
    assert halt is not None
    assert (halt.stopped_at, halt.stopped_by) == (NOON + 4 * HOUR, one)


def test_who_stopped_it_first_stays_noted() -> None:
    first, second = make_organiser().id, make_organiser().id
    assert stop(first) is None
    before = stop(second, NOON + HOUR)

    assert before is not None
    assert (before.stopped_at, before.stopped_by) == (NOON, first)
    assert rows(LetterHalt) == 1


def test_what_nobody_stopped_is_not_resumed() -> None:
    organiser = make_organiser().id

    assert not resume(organiser)
    stop(organiser)
    assert resume(organiser)
    assert not resume(organiser)


def test_a_halt_that_is_over_keeps_nothing_from_leaving() -> None:
    organiser, letter = make_organiser().id, queued()
    stop(organiser)
    assert claimed() == []
    resume(organiser)

    assert claimed() == [letter.id]


def test_the_database_refuses_a_second_halt_beside_an_open_one() -> None:
    organiser = make_organiser().id
    stop(organiser)
    row = {"letter_campaign_id": letter_campaign().id, "stopped_at": NOON, "stopped_by": organiser}

    with pytest.raises(IntegrityError), transaction() as writing:
        writing.execute(insert(LetterHalt), row)
    resume(organiser)
    assert stop(organiser) is None


def test_the_database_refuses_an_end_that_nobody_made() -> None:
    stop(make_organiser().id)

    with pytest.raises(IntegrityError), transaction() as writing:
        writing.execute(update(LetterHalt).values(resumed_at=NOON))
