"""A letter is handed in and confirmed: one of a writer to an office, and its link once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from petition.core.errors import LinkExpired, LinkUsed
from petition.core.storage.database import session
from petition.core.tokens import LINK_LIFETIME
from petition.letters.letter.links import LETTER_LINKS, to_be_confirmed
from petition.letters.letter.models import Letter, LetterState, LetterTransition
from petition.links.models import LinkPurpose
from tests.factories import NOON, load_sample, rows
from tests.letters.posting import all_letters, confirm, finished, hand_in, queued, sent


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign, published ten days ago."""
    load_sample(NOON - timedelta(days=10))


def test_a_second_confirmed_letter_of_one_writer_to_one_office_is_impossible() -> None:
    first, second = (hand_in(finished("nadia@example.org", own=f"Way {n}.")) for n in range(2))
    confirm(first)

    with pytest.raises(LinkUsed):
        confirm(second)
    assert [letter.state for letter in all_letters()] == [LetterState.QUEUED]


def test_of_two_links_pressed_at_once_one_sends_and_the_other_is_used() -> None:
    def press(token: str | None) -> str:
        both.wait()
        try:
            confirm(token)
        except LinkUsed:
            return "used"
        finally:
            session.remove()
        return "sent"

    for number in range(10):
        email, both = f"nadia{number}@example.org", Barrier(2)
        tokens = [hand_in(finished(email, own=f"Way {way}.")) for way in range(2)]
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(press, tokens)) == ["sent", "used"]
    assert [letter.state for letter in all_letters()] == [LetterState.QUEUED] * 10


def test_a_link_works_once_and_for_its_hours() -> None:
    token = hand_in(finished())
    with pytest.raises(LinkExpired):
        confirm(token, NOON + LINK_LIFETIME)
    confirm(token)
    with pytest.raises(LinkUsed):
        confirm(token, NOON + timedelta(minutes=15))


def test_whoever_presses_again_some_minutes_later_is_led_to_the_letter() -> None:
    token = hand_in(finished())
    confirm(token)
    at = NOON + timedelta(minutes=9)
    assert token is not None
    assert to_be_confirmed(token, at).thing.state == LetterState.QUEUED

    assert LETTER_LINKS.open(confirm(token, at), LinkPurpose.MANAGE, at).state == LetterState.QUEUED
    assert [letter.confirmed_at for letter in all_letters()] == [NOON]


def test_of_two_links_the_one_that_was_not_pressed_leads_nowhere() -> None:
    first, second = (hand_in(finished("nadia@example.org", own=f"Way {n}.")) for n in range(2))
    confirm(first)
    assert second is not None
    with pytest.raises(LinkUsed):
        to_be_confirmed(second, NOON)


def test_two_mails_ask_one_mailbox_about_one_office_and_no_third() -> None:
    tokens = [hand_in(finished("nadia@example.org", own=f"Way {number}.")) for number in range(4)]

    assert [token is not None for token in tokens] == [True, True, False, False]
    assert rows(Letter) == 2


def test_another_spelling_of_the_mailbox_is_the_same_writer() -> None:
    queued(email="nadia@example.org")

    assert hand_in(finished("NADIA+more@example.org")) is None
    assert rows(Letter) == 1


def test_every_step_is_noted_with_its_time() -> None:
    sent()
    noted = session.scalars(select(LetterTransition).order_by(LetterTransition.id)).all()

    assert [one.after.value for one in noted] == ["awaiting", "queued", "sending", "sent"]
    assert {one.at for one in noted} == {NOON}
