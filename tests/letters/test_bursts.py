"""Letters that say nearly the same wait for a moderator, once they are too many at once."""

from datetime import timedelta

import pytest

from petition.letters import bursts
from tests.factories import NOON, load_sample
from tests.letters.fates import claimed
from tests.letters.posting import all_letters, queued

OF_ONE_MIND = (
    "All {} of us write. Our whole club in the village of Sample is of one mind about this matter, "
    "for we have seen with our own eyes what becomes of people who are sold from one farm to the "
    "next, and nobody who gains by it has ever been named. Our children ask us why, and we have no "
    "answer for them but this letter, which each of us has signed at the long table where we meet "
    "on the first Monday of the month."
)


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign, published ten days ago."""
    load_sample(NOON - timedelta(days=10))


def test_many_that_say_nearly_the_same_wait_for_a_moderator() -> None:
    for number in range(6):
        queued(own=OF_ONE_MIND.format(number))

    assert [letter.on_hold for letter in all_letters()] == [True] * 6
    assert claimed() == []


def test_who_joins_a_crowd_waits_too_though_not_all_of_it_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bursts, "MOST_COMPARED", bursts.BURST)
    for number in range(9):
        queued(own=OF_ONE_MIND.format(number))

    assert [letter.on_hold for letter in all_letters()] == [True] * 9


def test_many_that_left_the_template_as_it_is_are_no_burst() -> None:
    for _ in range(6):
        queued()

    assert len(claimed()) == 6
