"""What goes of letters: words in time or at their writer's wish, and what nobody confirmed."""

from datetime import timedelta

import pytest

from petition.core.storage.database import transaction
from petition.letters import decisions, removals
from petition.letters.letter.models import LetterState
from tests.factories import NOON, load_sample, make_organiser
from tests.letters.posting import all_letters, finished, hand_in, newest_letter, queued, sent

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign, published ten days ago."""
    load_sample(NOON - 10 * DAY)


def test_the_words_go_after_four_weeks_and_the_fact_stays() -> None:
    sent()
    for days, there in ((27, True), (29, False)):
        with transaction():
            removals.purge(NOON + days * DAY)
        assert (newest_letter().content is not None) == there

    assert newest_letter().state == LetterState.SENT


def test_what_nobody_confirms_goes_after_a_week() -> None:
    hand_in(finished())
    queued()
    with transaction():
        removals.purge(NOON + 8 * DAY)

    assert [letter.state for letter in all_letters()] == [LetterState.QUEUED]


def test_a_writer_who_wants_the_words_gone_stops_a_letter_that_waits() -> None:
    letter = queued()
    with transaction() as writing:
        removals.erase_words(writing.merge(letter), NOON)

    assert (newest_letter().state, newest_letter().content) == (LetterState.STOPPED, None)
    organiser = make_organiser().id
    with pytest.raises(decisions.TooLate), transaction() as writing:
        decisions.resume(writing.merge(newest_letter()), organiser, NOON)
