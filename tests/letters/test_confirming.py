"""What a letter's confirmation lets leave, and what becomes of the letter afterwards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from petition.core.errors import LinkExpired, LinkUsed
from petition.core.storage.database import session, transaction
from petition.core.tokens import LINK_LIFETIME
from petition.letters import answers, bursts, decisions, removals
from petition.letters.letter.links import LETTER_LINKS, to_be_confirmed
from petition.letters.letter.models import Answer, Letter, LetterState, LetterTransition
from petition.links.models import LinkPurpose
from petition.outbox.models import OutboxMail
from tests.factories import NOON, Letters, load_sample, make_organiser, rows
from tests.letters.fates import arrives, claim, end
from tests.letters.posting import all_letters, confirm, finished, hand_in, newest_letter, queued

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign, published ten days ago."""
    load_sample(NOON - 10 * DAY)


def claimed() -> int:
    """Return how many letters a worker may send now."""
    with transaction():
        return len(claim(most=100))


def sent(at: datetime = NOON) -> Letter:
    """Return a letter that has left."""
    letter = queued(at)
    with transaction():
        [one] = claim(at, most=1)
    end(arrives, one, at)
    assert letter.id == one.id
    return newest_letter()


def ask(at: datetime) -> Letters:
    """Let the worker ask about answers; return the letterhead with the links."""
    letters = Letters()
    with transaction():
        answers.ask_about_answers(lambda _language: letters, at)
    return letters


OF_ONE_MIND = (
    "All {} of us write. Our whole club in the village of Sample is of one mind about this matter, "
    "for we have seen with our own eyes what becomes of people who are sold from one farm to the "
    "next, and nobody who gains by it has ever been named. Our children ask us why, and we have no "
    "answer for them but this letter, which each of us has signed at the long table where we meet "
    "on the first Monday of the month."
)


def test_many_that_say_nearly_the_same_wait_for_a_moderator() -> None:
    for number in range(6):
        queued(own=OF_ONE_MIND.format(number))

    assert [letter.on_hold for letter in all_letters()] == [True] * 6
    assert claimed() == 0


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

    assert claimed() == 6


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


def test_one_mail_asks_after_two_weeks_and_none_after_that() -> None:
    letter = sent()
    with transaction() as writing:
        writing.query(OutboxMail).delete()

    assert ask(NOON + 13 * DAY).manage_tokens == []
    assert len(ask(NOON + 14 * DAY).manage_tokens) == 1
    assert ask(NOON + 15 * DAY).manage_tokens == []
    assert rows(OutboxMail) == 1
    assert newest_letter().asked_at == NOON + 14 * DAY
    assert letter.answer is None


def test_nobody_is_asked_who_has_told_us_already() -> None:
    letter = sent()
    with transaction() as writing:
        answers.note_answer(writing.merge(letter), Answer.YES, NOON + DAY)

    assert ask(NOON + 14 * DAY).manage_tokens == []


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
