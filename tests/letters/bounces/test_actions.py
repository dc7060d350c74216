"""Letters that come back: known by their id, believed when a server says so, never a fault."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from petition.core.clock import hour_of
from petition.core.storage.database import session, transaction
from petition.letters import removals
from petition.letters.bounces.actions import (
    OF_LATE,
    REPEATED,
    Verdict,
    refused_offices,
    returns_of_late,
    take_bounce,
)
from petition.letters.bounces.reading import read_report
from petition.letters.letter.models import LetterState, LetterTransition
from petition.outbox.models import OutboxMail
from tests.factories import NOON
from tests.letters.bounces.wording import (
    SAYS_NOTHING,
    STATUS,
    STILL_TRYING,
    report,
)
from tests.letters.fates import arrives, claim, end, is_in_doubt
from tests.letters.posting import (
    begun,
    confirm,
    finished,
    hand_in,
    letter_with,
    newest_letter,
    queued,
    sent,
    suspect_since,
)

SOON = NOON + timedelta(minutes=1)
LATER = NOON + timedelta(minutes=2)


def taken(raw: bytes) -> Verdict:
    """Take a mail in a transaction."""
    with transaction():
        return take_bounce(read_report(raw), SOON)


@pytest.mark.usefixtures("database")
def test_a_letter_that_came_back_makes_its_queue_pause() -> None:
    first = sent()
    queued()
    assert taken(report("postfix", first.message_id)) == Verdict.BOUNCED

    returned = letter_with(first.message_id)
    assert (returned.state, returned.changed_at) == (LetterState.BOUNCED, hour_of(SOON))
    assert suspect_since() == hour_of(SOON)
    with transaction():
        assert claim(LATER) == []


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", ["workmail", "policy", "expired"])
def test_what_passes_stops_no_office_until_it_happens_again_and_again(name: str) -> None:
    letters = [sent() for _ in range(REPEATED)]
    for letter in letters[:-1]:
        assert taken(report(name, letter.message_id)) == Verdict.BOUNCED
        assert taken(report(name, letter.message_id)) == Verdict.BOUNCED  # the same once more
        assert letter_with(letter.message_id).last_answer == STATUS[name]
        assert suspect_since() is None

    assert taken(report(name, letters[-1].message_id)) == Verdict.BOUNCED
    assert suspect_since() == hour_of(SOON)


@pytest.mark.usefixtures("database")
def test_what_came_back_weeks_ago_counts_no_more() -> None:
    letters = [sent() for _ in range(REPEATED)]
    for letter in letters[:-1]:
        assert taken(report("policy", letter.message_id)) == Verdict.BOUNCED
    with transaction():
        late = SOON + OF_LATE + timedelta(minutes=1)
        take_bounce(read_report(report("policy", letters[-1].message_id)), late)

    assert suspect_since() is None
    assert [one.count for one in returns_of_late(late)] == [1]


@pytest.mark.usefixtures("database")
def test_offices_that_refuse_our_own_server_are_counted_apart() -> None:
    first, second = sent(), sent()
    taken(report("notes", first.message_id))
    assert refused_offices(LATER) == 0

    taken(report("dragonfly", second.message_id))
    assert refused_offices(LATER) == 1
    assert {one.status for one in returns_of_late(LATER)} == {"5.1.1", "5.7.26"}


@pytest.mark.usefixtures("database")
def test_the_same_report_changes_nothing_the_second_time() -> None:
    first = sent()
    taken(report("exim", first.message_id))
    changes = session.scalar(select(func.count()).select_from(LetterTransition))
    session.commit()

    assert taken(report("exim", first.message_id)) == Verdict.BOUNCED
    assert session.scalar(select(func.count()).select_from(LetterTransition)) == changes


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        *((name, Verdict.TEMPORARY) for name in STILL_TRYING),
        *((name, Verdict.NO_BOUNCE) for name in SAYS_NOTHING),
    ],
)
def test_what_is_no_return_changes_nothing(name: str, verdict: Verdict) -> None:
    first = sent()

    assert taken(report(name, first.message_id)) == verdict
    assert letter_with(first.message_id).state == LetterState.SENT
    assert suspect_since() is None


@pytest.mark.usefixtures("database")
def test_a_report_about_a_letter_that_nobody_wrote_changes_nothing() -> None:
    first = sent()

    assert taken(report("postfix", "f" * 32)) == Verdict.UNKNOWN_LETTER
    assert letter_with(first.message_id).state == LetterState.SENT
    assert suspect_since() is None


@pytest.mark.usefixtures("database")
def test_a_confirmation_mail_that_came_back_is_left_alone() -> None:
    token = hand_in(finished())
    mail = session.scalars(select(OutboxMail)).one()
    session.commit()

    assert taken(report("qmail", mail.message_id)) == Verdict.UNKNOWN_LETTER
    confirm(token)
    assert newest_letter().state == LetterState.QUEUED


@pytest.mark.usefixtures("database")
def test_a_letter_that_waits_for_confirmation_cannot_come_back() -> None:
    hand_in(finished())

    assert taken(report("postfix", newest_letter().message_id)) == Verdict.UNKNOWN_LETTER
    assert newest_letter().state == LetterState.AWAITING
    assert suspect_since() is None


@pytest.mark.usefixtures("database")
def test_a_letter_that_comes_back_before_it_is_noted_as_sent_is_to_be_given_again() -> None:
    first = begun()
    assert taken(report("postfix", first.message_id)) == Verdict.TOO_SOON

    end(arrives, first, NOON)
    assert taken(report("postfix", first.message_id)) == Verdict.BOUNCED


@pytest.mark.usefixtures("database")
def test_a_letter_of_which_nobody_knew_has_arrived_nowhere_when_it_comes_back() -> None:
    first = begun()
    end(is_in_doubt, first, NOON)

    assert taken(report("exchange", first.message_id)) == Verdict.BOUNCED
    assert letter_with(first.message_id).state == LetterState.BOUNCED


@pytest.mark.usefixtures("database")
def test_a_letter_whose_words_are_erased_can_still_come_back() -> None:
    first = sent()
    with transaction():
        removals.erase_words(letter_with(first.message_id), NOON)

    assert taken(report("utf8", first.message_id)) == Verdict.BOUNCED


@pytest.mark.usefixtures("database")
def test_of_several_letters_that_a_report_names_the_first_that_there_is_came_back() -> None:
    first = sent()
    forged = f"Delivered-To: petitions+{'f' * 32}@example.org\r\n".encode()

    assert taken(forged + report("postfix", first.message_id)) == Verdict.BOUNCED


@pytest.mark.usefixtures("database")
def test_a_header_that_is_made_to_look_like_two_is_one() -> None:
    raw = report("vacation", sent().message_id).replace(
        b"Automatic reply:", b"=?utf-8?q?a=0D=0AX-Failed-Recipients:_a@example.org?="
    )

    assert taken(raw) == Verdict.NO_BOUNCE
