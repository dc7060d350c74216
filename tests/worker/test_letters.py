"""How letters leave: in working hours, within their cap, once, and never again when in doubt."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from sqlalchemy import delete, select

from config import Config
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import LetterState, Pace
from petition.letters.post import batches
from petition.letters.post.sending import offices_at_work
from petition.outbox import actions as outbox
from petition.outbox.models import Worker as Beat
from petition.worker.loops import Worker
from tests.factories import NOON, make_organiser
from tests.grounds.mail import SmtpServer
from tests.letters.fates import begin, claim
from tests.letters.posting import (
    OTHER_OFFICE,
    finished,
    hand_in,
    newest_letter,
    queued,
)
from tests.worker.letter_work import set_mailrooms, states, stop_everything, work

TO = "gb-foreign-secretary@example.org"
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_a_letter_arrives_as_its_writer_wrote_it(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    letter = queued(email="nadia@example.org", own="Ich war dabei: Grüße.", reply_allowed=True)
    noon.shift(timedelta(minutes=20))
    work(letter_worker)

    [taken] = smtp_server.accepted
    mail = taken.message
    sender, return_to = letter_worker.config.mail_from, taken.sender
    local, domain = sender.split("@")
    assert return_to == f"{local}+{letter.message_id}@{domain}"
    assert taken.recipients == (TO,)
    assert str(mail["From"]) == f"Nadia Sample via {letter_worker.config.site_name} <{sender}>"
    assert (mail["To"], mail["Reply-To"]) == (TO, "Nadia Sample <nadia@example.org>")
    assert mail["Message-ID"] == f"<{letter.message_id}@{domain}>"
    assert parsedate_to_datetime(str(mail["Date"])) == NOON + timedelta(minutes=20)
    assert mail.get_content_type() == "text/plain"
    assert "Ich war dabei: Grüße." in mail.get_content()
    assert "about-this-letter" in mail.get_content()
    assert newest_letter().state == LetterState.SENT


def test_the_office_does_not_see_an_address_that_its_writer_keeps(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued(email="secret@example.org")
    work(letter_worker)

    [taken] = smtp_server.accepted
    assert taken.message["Reply-To"] is None
    assert "secret@" not in taken.message.as_string()


def test_nothing_leaves_before_it_is_confirmed(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    hand_in(finished())
    work(letter_worker)

    assert (smtp_server.accepted, states()) == ([], ["awaiting"])


@pytest.mark.parametrize("moment", [SUNDAY, NIGHT])
def test_nothing_leaves_outside_the_offices_hours(
    moment: datetime, letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    queued()
    noon.move_to(moment)
    letter_worker.beat()
    work(letter_worker)
    assert smtp_server.accepted == []

    noon.move_to(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    letter_worker.beat()
    work(letter_worker)
    assert len(smtp_server.accepted) == 1


def test_an_office_gets_no_more_in_an_hour_than_its_cap(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    set_mailrooms(hourly_cap=3)
    for _ in range(5):
        queued()
    queued(to=OTHER_OFFICE)
    work(letter_worker)
    assert Counter(one.recipients[0] for one in smtp_server.accepted) == {
        TO: 3,
        "eu-high-representative@example.org": 1,
    }

    noon.shift(timedelta(hours=1))
    letter_worker.beat()
    work(letter_worker)
    assert len(smtp_server.to(TO)) == 5


def test_the_rest_waits_where_an_hour_ends_while_letters_are_sent(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    def let_an_hour_pass() -> None:
        if len(smtp_server.accepted) == 1:
            noon.shift(timedelta(hours=1))

    set_mailrooms(hourly_cap=3)
    smtp_server.when_taken = let_an_hour_pass
    for _ in range(5):
        queued()
    work(letter_worker)

    assert sorted(states()) == ["queued", *["sent"] * 4]
    assert session.scalars(select(Pace.used).order_by(Pace.hour)).all() == [1, 3]


def test_what_a_dead_worker_had_claimed_leaves_in_the_same_hour(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    set_mailrooms(hourly_cap=2)
    for _ in range(3):
        queued()
    with transaction():
        assert len(claim(now(), worker="dead")) == 2
    work(letter_worker)

    assert states() == ["sent", "sent", "queued"]
    assert session.scalars(select(Pace.used)).all() == [2]


def test_an_office_is_not_at_work_while_nothing_may_leave_for_it(letter_worker: Worker) -> None:
    set_mailrooms(hourly_cap=1)
    queued()
    assert len(offices_at_work(now())) == 1

    work(letter_worker)
    queued()
    assert offices_at_work(now()) == []

    queued(to=OTHER_OFFICE)
    assert len(offices_at_work(now())) == 1
    stop_everything(make_organiser())
    assert offices_at_work(now()) == []


def test_the_kill_switch_keeps_everything_here(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    stop_everything(make_organiser())
    work(letter_worker)
    assert (smtp_server.accepted, states()) == ([], ["queued"])


def test_what_a_dead_worker_was_sending_waits_for_a_person(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    queued(to=OTHER_OFFICE)
    with transaction():
        outbox.beat("dead", now())
        claimed = claim(now(), worker="dead")
    assert begin(claimed[0])
    work(letter_worker)
    assert smtp_server.accepted == []

    with transaction() as writing:
        writing.execute(delete(Beat).where(Beat.id == "dead"))
    work(letter_worker)
    assert sorted(states()) == ["sent", "unknown"]
    assert len(smtp_server.accepted) == 1


def test_a_worker_that_others_held_for_dead_sends_nothing_a_second_time(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    def hold_it_for_dead() -> None:
        if len(smtp_server.accepted) == 4:  # the first of a batch of four
            with transaction() as writing:
                writing.execute(delete(Beat))
                batches.settle_abandoned(now())
            letter_worker.beat()

    for _ in range(7):
        queued()
    smtp_server.when_taken = hold_it_for_dead
    work(letter_worker)

    assert states() == ["sent"] * 7
    assert len({str(one.message["Message-ID"]) for one in smtp_server.accepted}) == 7
    assert len(smtp_server.accepted) == 7


def test_a_batch_ends_in_time_where_its_server_becomes_slow(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    for _ in range(7):
        queued()
    for _ in range(2):
        letter_worker.letter_post.send_letters()
    smtp_server.when_taken = lambda: noon.shift(timedelta(seconds=3))
    letter_worker.letter_post.send_letters()

    assert Counter(states()) == {"sent": 4, "queued": 3}


def test_a_letter_that_has_its_part_of_the_cap_is_not_held_up_by_those_without(
    letter_worker: Worker, smtp_server: SmtpServer, noon: time_machine.Traveller
) -> None:
    set_mailrooms(hourly_cap=1)
    queued()
    smtp_server.behaviour.rcpt_answer = "451 4.3.0 try again later"
    work(letter_worker)
    smtp_server.behaviour.rcpt_answer = ""
    for _ in range(4):  # due before it, and more than go into a batch so early
        queued()
    noon.shift(timedelta(minutes=5))
    letter_worker.beat()
    work(letter_worker)

    assert states() == ["sent", *["queued"] * 4]


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 5.1.1 no such mailbox", "failed"), ("451 4.3.0 try again later", "queued")],
)
def test_the_servers_answer_decides(
    answer: str, state: str, letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    smtp_server.behaviour.data_answer = answer
    work(letter_worker)

    assert states() == [state]
    assert newest_letter().last_answer == answer[:3]


def test_an_office_whose_mail_came_back_gets_no_more(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    set_mailrooms(suspect_since=now())
    work(letter_worker)

    assert (smtp_server.accepted, states()) == ([], ["queued"])


def test_an_office_that_takes_no_mail_any_more_gets_none(
    letter_worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    set_mailrooms(channels=["post"])
    work(letter_worker)

    assert (smtp_server.accepted, states()) == ([], ["queued"])


def test_two_workers_send_no_letter_twice(
    letter_worker: Worker, config: Config, smtp_server: SmtpServer
) -> None:
    for _ in range(6):
        queued()
    other = Worker(letter_worker.config)
    other.beat()
    for _ in range(3):
        letter_worker.letter_post.send_letters()
        other.letter_post.send_letters()
    other.letter_post.transport.close()

    ids = [str(one.message["Message-ID"]) for one in smtp_server.accepted]
    assert len(ids) == len(set(ids)) == 6
