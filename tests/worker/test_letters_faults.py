"""Letters when something is wrong: none is lost, none is sent twice, none holds up another."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.decisions import Decision, decide
from petition.letters.desk.waiting import waiting_letters
from petition.letters.letter.models import Letter, LetterState, LetterTransition, Pace
from petition.letters.post import outcomes
from petition.letters.post.sending import TRIES_TO_WRITE
from petition.worker.letters import LetterPost
from petition.worker.loops import Worker
from tests.factories import make_organiser
from tests.grounds.mail import SmtpServer
from tests.letters.posting import (
    OTHER_OFFICE,
    all_letters,
    newest_letter,
    put_every_office_to_work,
    queued,
)
from tests.worker.letter_work import (
    nothing_can_be_noted,
    set_mailrooms,
    states,
    stop_everything,
    work,
)


def test_a_letter_that_does_not_open_holds_up_no_other(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    broken = queued()
    with transaction() as writing:
        writing.execute(update(Letter).where(Letter.id == broken.id).values(content=b"x" * 50))
    queued()
    work(letter_worker)

    assert states() == ["queued", "sent"]


def test_a_mailbox_that_is_refused_pauses_its_office(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    queued()
    smtp_server.behaviour.rcpt_answer = "550 5.1.1 no such mailbox"
    work(letter_worker)

    assert sorted(states()) == ["failed", "queued"]


def test_a_letter_that_is_put_off_for_ever_fails_in_the_end(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    with transaction() as writing:
        writing.execute(update(Letter).values(attempts=outcomes.MOST_ATTEMPTS))
    smtp_server.behaviour.rcpt_answer = "451 4.3.0 try again later"
    work(letter_worker)

    assert states() == ["failed"]


def test_an_hours_cap_is_not_used_up_by_letters_that_did_not_leave(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    set_mailrooms(hourly_cap=2)
    queued()
    queued()
    smtp_server.down()
    work(letter_worker)
    smtp_server.up()
    work(letter_worker)

    assert states() == ["sent", "sent"]


def test_a_server_that_is_away_delays_every_letter_and_loses_none(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    queued(to=OTHER_OFFICE)
    smtp_server.down()
    work(letter_worker)
    assert states() == ["queued", "queued"]

    smtp_server.up()
    work(letter_worker)
    assert states() == ["sent", "sent"]


def test_a_server_that_is_away_leaves_no_trace_in_what_is_noted_of_a_letter(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    smtp_server.down()
    work(letter_worker)

    steps = session.scalars(select(LetterTransition.after).order_by(LetterTransition.id)).all()
    assert steps == [LetterState.AWAITING, LetterState.QUEUED]


def test_batches_grow_while_the_server_keeps_up_and_begin_with_one_after_a_fault(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    for _ in range(6):
        queued()
    for taken in (1, 3):
        letter_worker.letter_post.send_letters()
        assert len(smtp_server.accepted) == taken
    smtp_server.down()
    letter_worker.letter_post.send_letters()
    smtp_server.up()
    letter_worker.letter_post.send_letters()

    assert len(smtp_server.accepted) == 4


def test_a_letter_that_was_put_off_leaves_later(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    queued()
    smtp_server.behaviour.rcpt_answer = "451 4.3.0 try again later"
    work(letter_worker)
    smtp_server.behaviour.rcpt_answer = ""
    work(letter_worker)
    assert smtp_server.accepted == []

    noon.shift(timedelta(minutes=5))
    letter_worker.beat()
    work(letter_worker)
    assert states() == ["sent"]


def test_a_kill_switch_works_between_two_letters(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    set_mailrooms(hourly_cap=5)
    organiser = make_organiser()
    smtp_server.when_taken = lambda: stop_everything(organiser)
    queued()
    queued()
    work(letter_worker)

    assert (len(smtp_server.accepted), states()) == (1, ["sent", "queued"])
    assert session.scalars(select(Pace.used)).all() == [1]


def test_a_kill_switch_is_not_a_reason_to_knock_for_each_letter_that_waits(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    organiser = make_organiser()
    smtp_server.when_taken = lambda: stop_everything(organiser)
    for _ in range(5):
        queued()
    work(letter_worker)

    assert smtp_server.connections == 1


def test_a_letter_that_cannot_be_written_waits_and_uses_nothing_up(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    usable = letter_worker.letter_post.config
    letter_worker.letter_post.config = replace(usable, mail_from="Petitions <p@example.org>")
    queued()
    work(letter_worker)
    assert (smtp_server.attempts, states()) == (0, ["queued"])
    assert session.scalars(select(Pace.used)).all() == [0]

    letter_worker.letter_post.config = usable
    noon.shift(timedelta(minutes=10))
    letter_worker.beat()
    work(letter_worker)
    assert states() == ["sent"]


def test_a_letter_that_cannot_be_written_for_hours_waits_for_a_person(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    usable = letter_worker.letter_post.config
    letter_worker.letter_post.config = replace(usable, mail_from="Petitions <p@example.org>")
    letter = queued()
    put_every_office_to_work()
    for _ in range(TRIES_TO_WRITE):
        work(letter_worker)
        assert states() == ["queued"]
        noon.shift(timedelta(hours=2))
        letter_worker.beat()
    work(letter_worker)
    assert (smtp_server.attempts, states()) == (0, ["failed"])
    assert session.scalars(select(func.sum(Pace.used))).one() == 0
    [case] = waiting_letters(letter.letter_campaign_id, with_words=False).rows
    assert (case.is_unwritable, case.last_answer) == (True, None)

    letter_worker.letter_post.config = usable
    organiser = make_organiser().id
    with transaction():
        decide(newest_letter(), Decision.SEND, organiser, now())
    work(letter_worker)
    assert states() == ["sent"]


def test_a_server_that_goes_away_over_a_letter_lets_the_others_go_first(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    queued(to=OTHER_OFFICE)
    queued()
    smtp_server.behaviour.rcpt_answer = "421 4.3.2 shutting down"
    letter_worker.letter_post.send_letters()
    assert (smtp_server.connections, states()) == (1, ["queued"] * 3)
    assert {letter.attempts for letter in all_letters()} == {0}

    smtp_server.behaviour.rcpt_answer = ""
    work(letter_worker)
    assert states() == ["sent"] * 3
    assert len(smtp_server.accepted) == 3


@pytest.mark.parametrize("answer", ["250 OK", "451 4.3.0 try again later"])
def test_what_could_not_be_noted_is_noted_first_of_all(
    answer: str, letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    smtp_server.behaviour.taken_answer = answer
    queued()
    with nothing_can_be_noted(), pytest.raises(DatabaseError):
        letter_worker.letter_post.send_letters()
    session.remove()
    assert states() == ["sending"]
    letter_worker.letter_post.send_letters()

    assert states() == ["sent" if answer.startswith("2") else "queued"]
    assert newest_letter().last_answer == answer[:3]
    assert len(smtp_server.accepted) == 1


class Watch(threading.Event):
    """Sees, instead of waiting, where the letters are while their worker pauses."""

    seen: tuple[list[str], int] | None = None

    def wait(self, _timeout: float | None = None) -> bool:
        """Look."""
        held = select(func.count()).where(Letter.claimed_by.is_not(None))
        self.seen = states(), session.scalar(held) or 0
        return True


def test_while_a_server_is_away_nothing_is_held(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    queued()
    smtp_server.down()
    before, watch = letter_worker.letter_post, Watch()
    post = LetterPost(letter_worker.config, letter_worker.id, before.transport, watch)
    post.send_letters()

    assert watch.seen == (["queued", "queued"], 0)


def test_what_has_left_is_noted_before_its_worker_is_told_to_stop(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    smtp_server.when_taken = letter_worker.stop
    queued()
    queued()
    letter_worker.letter_post.send_letters()

    assert (len(smtp_server.accepted), states()) == (1, ["sent", "queued"])


def test_a_letter_whose_fate_is_unknown_is_not_sent_again(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    smtp_server.behaviour.hang_up = True
    work(letter_worker)
    smtp_server.behaviour.hang_up = False
    work(letter_worker)

    assert (len(smtp_server.accepted), states()) == (1, ["unknown"])
