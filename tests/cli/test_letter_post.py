"""How letters leave: in working hours, within their cap, once, and never again when in doubt."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from sqlalchemy import delete, update

from config import Config
from petition.cli.worker import Worker
from petition.core.clock import now
from petition.core.database import transaction
from petition.letters import sending
from petition.letters.letter import LetterState
from petition.letters.models import LetterCampaign
from petition.organisers.models import Organiser
from petition.outbox import actions as outbox
from petition.outbox.models import Worker as Beat
from petition.recipients.models import Mailroom
from tests.factories import NOON, load_sample, make_organiser
from tests.grounds.mail import SmtpServer
from tests.letters.posting import (
    OTHER_OFFICE,
    all_letters,
    hand_in,
    newest_letter,
    posted,
    queued,
)

TO = "gb-foreign-secretary@example.org"
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Friday the twentieth of November at noon, when the offices of Europe work."""
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def worker(
    config: Config, smtp_server: SmtpServer, clock: time_machine.Traveller
) -> Iterator[Worker]:
    """A worker with a mail server that behaves, and the sample campaign."""
    load_sample(NOON - timedelta(days=10))
    made = Worker(replace(config, mail_server=smtp_server.url, mail_timeout=2, mail_retry=1))
    made.beat()
    yield made
    made.letter_post.transport.close()


def work(worker: Worker) -> None:
    """Let the worker send letters until it has no more to do."""
    while worker.letter_post.send_letters():
        pass


def states() -> list[str]:
    """Return where each letter is, oldest first."""
    return [letter.state.value for letter in all_letters()]


def set_mailrooms(**values: object) -> None:
    with transaction() as writing:
        writing.execute(update(Mailroom).values(**values))


def stop_everything(organiser: Organiser) -> None:
    with transaction() as writing:
        writing.execute(update(LetterCampaign).values(stopped_at=now(), stopped_by=organiser.id))


def test_a_letter_arrives_as_its_writer_wrote_it(worker: Worker, smtp_server: SmtpServer) -> None:
    letter = queued(email="nadia@example.org", own="Ich war dabei: Grüße.", reply_allowed=True)
    work(worker)

    [taken] = smtp_server.accepted
    mail = taken.message
    sender, return_to = worker.config.mail_from, taken.sender
    local, domain = sender.split("@")
    assert return_to == f"{local}+{letter.message_id}@{domain}"
    assert taken.recipients == (TO,)
    assert str(mail["From"]) == f"Nadia Sample via {worker.config.site_name} <{sender}>"
    assert (mail["To"], mail["Reply-To"]) == (TO, "Nadia Sample <nadia@example.org>")
    assert mail["Message-ID"] == f"<{letter.message_id}@{domain}>"
    assert parsedate_to_datetime(str(mail["Date"])) == letter.changed_at.replace(microsecond=0)
    assert mail.get_content_type() == "text/plain"
    assert "Ich war dabei: Grüße." in mail.get_content()
    assert "about-this-letter" in mail.get_content()
    assert newest_letter().state == LetterState.SENT


def test_the_office_does_not_see_an_address_that_its_writer_keeps(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    queued(email="secret@example.org")
    work(worker)

    [taken] = smtp_server.accepted
    assert taken.message["Reply-To"] is None
    assert "secret@" not in taken.message.as_string()


def test_nothing_leaves_before_it_is_confirmed(worker: Worker, smtp_server: SmtpServer) -> None:
    hand_in(posted())
    work(worker)

    assert (smtp_server.accepted, states()) == ([], ["awaiting"])


@pytest.mark.parametrize("moment", [SUNDAY, NIGHT])
def test_nothing_leaves_outside_the_offices_hours(
    moment: datetime, worker: Worker, smtp_server: SmtpServer, clock: time_machine.Traveller
) -> None:
    queued()
    clock.move_to(moment)
    worker.beat()
    work(worker)
    assert smtp_server.accepted == []

    clock.move_to(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))
    worker.beat()
    work(worker)
    assert len(smtp_server.accepted) == 1


def test_an_office_gets_no_more_in_an_hour_than_its_cap(
    worker: Worker, smtp_server: SmtpServer, clock: time_machine.Traveller
) -> None:
    set_mailrooms(hourly_cap=3)
    for _ in range(5):
        queued()
    queued(to=OTHER_OFFICE)
    work(worker)
    assert Counter(one.recipients[0] for one in smtp_server.accepted) == {
        TO: 3,
        "eu-high-representative@example.org": 1,
    }

    clock.shift(timedelta(hours=1))
    worker.beat()
    work(worker)
    assert len(smtp_server.to(TO)) == 5


def test_the_kill_switch_keeps_everything_here(worker: Worker, smtp_server: SmtpServer) -> None:
    queued()
    stop_everything(make_organiser())
    work(worker)
    assert (smtp_server.accepted, states()) == ([], ["queued"])


def test_a_letter_whose_fate_is_unknown_is_not_sent_again(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    smtp_server.behaviour.hang_up = True
    work(worker)
    smtp_server.behaviour.hang_up = False
    work(worker)

    assert (len(smtp_server.accepted), states()) == (1, ["unknown"])


def test_what_a_dead_worker_was_sending_waits_for_a_person(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    queued(to=OTHER_OFFICE)
    at = now()
    with transaction():
        outbox.beat("dead", at)
        claimed = sending.claim("dead", at, most=10)
        assert sending.begin(claimed[0], "dead", at)
    work(worker)
    assert smtp_server.accepted == []

    with transaction() as writing:
        writing.execute(delete(Beat).where(Beat.id == "dead"))
    work(worker)
    assert sorted(states()) == ["sent", "unknown"]
    assert len(smtp_server.accepted) == 1


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 5.1.1 no such mailbox", "failed"), ("451 4.3.0 try again later", "queued")],
)
def test_the_servers_answer_decides(
    answer: str, state: str, worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    smtp_server.behaviour.data_answer = answer
    work(worker)

    assert states() == [state]
    assert newest_letter().last_answer == answer[:3]


def test_a_letter_that_was_put_off_leaves_later(
    worker: Worker, smtp_server: SmtpServer, clock: time_machine.Traveller
) -> None:
    queued()
    smtp_server.behaviour.rcpt_answer = "451 4.3.0 try again later"
    work(worker)
    smtp_server.behaviour.rcpt_answer = ""
    work(worker)
    assert smtp_server.accepted == []

    clock.shift(timedelta(minutes=5))
    worker.beat()
    work(worker)
    assert states() == ["sent"]


def test_a_server_that_is_away_delays_every_letter_and_loses_none(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    queued(to=OTHER_OFFICE)
    smtp_server.down()
    work(worker)
    assert states() == ["queued", "queued"]

    smtp_server.up()
    work(worker)
    assert states() == ["sent", "sent"]


def test_an_office_whose_mail_came_back_gets_no_more(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    set_mailrooms(suspect_since=now())
    work(worker)

    assert (smtp_server.accepted, states()) == ([], ["queued"])


def test_an_office_that_takes_no_mail_any_more_gets_none(
    worker: Worker, smtp_server: SmtpServer
) -> None:
    queued()
    set_mailrooms(channels=["post"])
    work(worker)

    assert (smtp_server.accepted, states()) == ([], ["queued"])


def test_two_workers_send_no_letter_twice(
    worker: Worker, config: Config, smtp_server: SmtpServer
) -> None:
    for _ in range(6):
        queued()
    other = Worker(worker.config)
    other.beat()
    for _ in range(3):
        worker.letter_post.send_letters()
        other.letter_post.send_letters()
    other.letter_post.transport.close()

    ids = [str(one.message["Message-ID"]) for one in smtp_server.accepted]
    assert len(ids) == len(set(ids)) == 6
