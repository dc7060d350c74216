"""Hosts whose clocks differ: nothing is sent twice, and nothing waits for a clock."""

from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from sqlalchemy import delete

from config import Config
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import LetterState
from petition.outbox.models import MailState, OutboxMail
from petition.outbox.models import Worker as Beat
from tests.factories import load_sample
from tests.faults.looking import mails_waiting
from tests.faults.visitors import CONFIRM_PATH, Visitor, is_inbox_page, wait_until
from tests.faults.workers import web_of, worker_of
from tests.grounds.mail import SmtpServer, free_port
from tests.grounds.servers import Server, ready
from tests.letters.posting import (
    OFFICE,
    OTHER_OFFICE,
    all_letters,
    confirm,
    finished,
    hand_in,
    put_every_office_to_work,
)
from tests.outbox.mails import post

APART = (60, -60, 20, -20)
"""Seconds by which the clocks of two workers differ."""
DAY = 24 * 60 * 60
LONG = 100
"""So many rounds are asked for where there is time for everything."""
MAILS_AT_LEAST = 60
ANSWERS_AFTER = 0.1
"""Seconds that the mail server takes: both workers hold mails all the while."""


def fill(mails: int, letters: int) -> None:
    """Queue letters to two offices that are always at work, and confirmations."""
    load_sample(now())
    put_every_office_to_work()
    for number in range(letters):
        at = now()
        confirm(hand_in(finished(to=(OFFICE, OTHER_OFFICE)[number % 2]), at), at)
    with transaction() as writing:
        writing.execute(delete(OutboxMail))  # the mails that asked for confirmation
    for number in range(mails):
        post(f"supporter{number}@example.org", at=now())


def is_done() -> bool:
    """Whether nothing has still to leave."""
    session.remove()
    waiting = {LetterState.QUEUED, LetterState.SENDING}
    return not any(one.state in waiting for one in all_letters()) and mails_waiting() == 0


def both_beat() -> bool:
    """Whether two workers have given a sign of life."""
    session.remove()
    return session.query(Beat).count() == 2


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Try every difference where there is time, else the first."""
    if "apart" not in metafunc.fixturenames:
        return
    is_long = metafunc.config.getoption("--faults") >= LONG
    metafunc.parametrize("apart", APART if is_long else APART[:1])


@pytest.mark.fault
def test_two_workers_whose_clocks_differ_send_nothing_twice(
    apart: int, config: Config, smtp_server: SmtpServer, fault_rounds: int, tmp_path: Path
) -> None:
    mails, letters = max(MAILS_AT_LEAST, 2 * fault_rounds), fault_rounds
    printed, mail_server = tmp_path / "printed", {"MAIL_SERVER": smtp_server.url}
    smtp_server.behaviour.pause = ANSWERS_AFTER
    fill(mails, letters)
    smtp_server.down()
    with ExitStack() as workers:
        for ahead in (0, apart):
            workers.enter_context(worker_of(config, printed, mail_server, ahead=ahead))
        wait_until(both_beat, "the workers do not start")
        smtp_server.up()
        wait_until(is_done, "something still waits", most=60)

    taken = Counter(str(one.message["Message-ID"]) for one in smtp_server.accepted)
    assert {one: times for one, times in taken.items() if times > 1} == {}
    assert len(taken) == mails + letters
    assert {state for (state,) in session.query(OutboxMail.state)} == {MailState.SENT}
    assert {one.state for one in all_letters()} == {LetterState.SENT}
    assert '"level": "error"' not in printed.read_text("utf-8")


@pytest.mark.fault
@pytest.mark.parametrize("ahead", [2 * DAY, -2 * DAY])
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_what_a_web_host_with_a_wrong_clock_causes_is_mailed_at_once_and_opens(
    ahead: int, config: Config, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    load_sample(now())
    port, printed = free_port(), tmp_path / "printed"
    mail_server = {"MAIL_SERVER": smtp_server.url, "PORT": str(port)}
    with (
        web_of(config, printed, port, ahead=ahead) as url,
        worker_of(config, printed, mail_server),
    ):
        wait_until(lambda: ready(url), "it does not start")
        visitor = Visitor(Server(config.instance, port, {}, printed))
        assert is_inbox_page(visitor.sign(visitor.form_token(), "ana@example.org"))
        wait_until(lambda: bool(smtp_server.to("ana@example.org")), "no mail comes")
        [mail] = smtp_server.to("ana@example.org")
        [path] = CONFIRM_PATH.findall(str(mail.get_body(("plain",))))
        assert "Confirm" in visitor.ask("GET", path).body

    assert abs(parsedate_to_datetime(str(mail["Date"])) - now()) < timedelta(hours=2)
