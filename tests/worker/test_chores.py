"""What is past its time is deleted, a little at a time."""

import threading
from datetime import timedelta
from functools import partial

import pytest

from config import Config
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.letters.drafting import drafts
from petition.letters.letter.models import LetterDraft
from petition.letters.letter.written import Draft, Writer
from petition.links.letterhead import Letterhead
from petition.links.models import MailedLink
from petition.outbox import actions as outbox
from petition.outbox.models import OutboxMail
from petition.supporters.actions import may_mail
from petition.supporters.models import MailAllowance
from petition.worker.chores import do_chores
from tests.factories import make_ask, rows, sign, signer
from tests.grounds.plans import read_whole
from tests.letters.posting import text_of
from tests.outbox.mails import beat, claim, post

LONG_AGO = timedelta(days=60)
MANY = 7
LARGE = {
    "signature",
    "mailed_link",
    "letter",
    "letter_draft",
    "mail_allowance",
    "outbox_mail",
}
COMPARED = {"signature"}
"""With their tallies: every row of them counts."""


@pytest.fixture(autouse=True)
def three_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Delete no more than three rows in one transaction."""
    monkeypatch.setattr("petition.core.storage.purging.AT_ONCE", 3)


def chores_done(config: Config, stopped: threading.Event | None = None, worker: str = "w1") -> None:
    """Do what a worker does once an hour."""
    head = partial(Letterhead, "Test", config.url)
    do_chores(worker, head, stopped or threading.Event(), backups_kept=timedelta(days=30))


def fill() -> None:
    """Make much that was finished long ago."""
    at = now() - LONG_AGO
    text_id = text_of().id
    for number in range(MANY):
        post(f"supporter{number}@example.org", at=at)
        with transaction():
            may_mail([f"supporter{number}@example.org"], at)
            drafts.begin(text_id, Draft(Writer("", "", "")), at)
    found = claim("w1", at)
    with transaction():
        outbox.sent(found, at)


def test_much_that_is_past_its_time_goes_to_the_last_row(config: Config) -> None:
    fill()
    assert (rows(OutboxMail), rows(MailAllowance), rows(LetterDraft)) == (MANY, MANY, MANY)
    chores_done(config)

    assert (rows(OutboxMail), rows(MailAllowance), rows(LetterDraft)) == (0, 0, 0)


def test_no_transaction_deletes_much(config: Config) -> None:
    fill()
    left = []
    while True:
        with transaction():
            more = outbox.purge(now())
        left.append(rows(OutboxMail))
        if not more:
            break

    assert left == [4, 1, 0]


def test_what_is_not_past_its_time_stays(config: Config) -> None:
    sign(make_ask(), signer())
    chores_done(config)

    assert (rows(OutboxMail), rows(MailedLink)) == (1, 1)


def test_whoever_is_told_to_stop_tidies_no_further(config: Config) -> None:
    fill()
    stopped = threading.Event()
    stopped.set()
    chores_done(config, stopped)

    assert rows(OutboxMail) == MANY


def test_of_several_workers_the_oldest_tidies_and_each_once_as_it_begins(config: Config) -> None:
    at = now()
    for worker, began in (("older", at - timedelta(hours=5)), ("dead", at - timedelta(hours=9))):
        beat(worker, began)
    beat("older", at - timedelta(seconds=1))
    beat("w1", at)
    fill()
    chores_done(config, worker="w1")
    assert rows(OutboxMail) == 0

    beat("older", at + timedelta(seconds=3))
    fill()
    chores_done(config, worker="w1")
    assert rows(OutboxMail) > 0
    chores_done(config, worker="older")
    assert rows(OutboxMail) == 0


def test_no_chore_reads_a_large_table_from_end_to_end(config: Config) -> None:
    sign(make_ask(), signer())
    fill()

    assert read_whole(lambda: chores_done(config)) & LARGE <= COMPARED
