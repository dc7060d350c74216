"""kill -9 while news are mailed: they go on, nobody reads them twice, and few are in doubt."""

import random
from collections import Counter

import pytest
from sqlalchemy import func, select

from petition.core.storage.database import session
from petition.jobs.models import JobState
from petition.outbox.models import MailState, OutboxMail
from petition.updates.models import Update
from petition.worker.due_mail import NEWS_AT_ONCE
from tests.deliveries.making import handed_over
from tests.factories import make_ask, make_organiser, signed, signer
from tests.faults.files_in_making import start
from tests.faults.looking import database_of
from tests.faults.visitors import wait_until
from tests.grounds.databases import KINDS
from tests.grounds.mail import SmtpServer
from tests.grounds.replays import Note
from tests.grounds.servers import StartServer
from tests.updates.telling import as_recorded, told

MOST_BEFORE_A_KILL = 12


def got(server: SmtpServer) -> Counter[str]:
    """Return how often news reached each mailbox."""
    taken = list(server.accepted)
    return Counter(one.recipients[0] for one in taken if one.sender.startswith("news@"))


def news_rows(*states: MailState) -> int:
    """Return how many mails with news are in one of these states."""
    its = OutboxMail.news_of.is_not(None), OutboxMail.state.in_(states)
    found = session.scalar(select(func.count()).select_from(OutboxMail).where(*its)) or 0
    session.commit()
    return found


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
def test_news_go_on_and_reach_nobody_twice_when_their_worker_is_killed(
    kind: str,
    start_server: StartServer,
    smtp_server: SmtpServer,
    fault_rounds: int,
    dice: random.Random,
    note: Note,
) -> None:
    server = start_server(kind, MAIL_SERVER=smtp_server.url)
    server.kill()
    with database_of(server):
        ask, people = make_ask(), MOST_BEFORE_A_KILL * (fault_rounds + 1)
        for number in range(people):
            signed(ask, signer(f"reader{number}@example.org", mail_allowed=True))
        update = told(handed_over(by := make_organiser().id), by)
        for _ in range(fault_rounds):
            enough = got(smtp_server).total() + dice.randint(1, MOST_BEFORE_A_KILL)
            worker = start(server)
            wait_until(lambda: got(smtp_server).total() >= enough, "no news leave")  # noqa: B023
            worker.kill()
            worker.wait()
        last = start(server)
        wait_until(lambda: is_over(update), "news do not go on")
        last.kill()
        last.wait()
        doubted = news_rows(MailState.FAILED)

    reached = got(smtp_server)
    assert max(reached.values()) == 1
    assert people - len(reached) <= doubted <= fault_rounds * NEWS_AT_ONCE
    note(kills=fault_rounds, news=people, reached=len(reached), in_doubt=doubted, twice=0)


def is_over(update: Update) -> bool:
    """Whether all mails are written, and none has still to leave."""
    session.remove()
    is_written = as_recorded(update).job.state is JobState.DONE
    return is_written and news_rows(MailState.QUEUED, MailState.SENDING) == 0
