"""The clock of the database goes back: nothing waits for the time that it had."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from config import Config
from petition.core.clock import now
from petition.core.keyring.sealing import keys
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import Letter
from petition.links.letterhead import Letterhead
from petition.outbox.models import MailState
from petition.outbox.queries import due_since
from petition.safekeeping.holders import HEARD_OF_FOR, KeyHolder, announce, others
from petition.worker.chores import do_chores
from tests.letters.posting import put_every_office_to_work, queued
from tests.outbox.mails import beat, claim, only_mail, post

AHEAD = timedelta(days=2)

pytestmark = pytest.mark.usefixtures("database")


def chores_done(config: Config) -> None:
    """Do what a worker does once an hour."""
    stopped = threading.Event()
    head = partial(Letterhead, "Test", config.url)
    do_chores("w1", head, stopped, backups_kept=timedelta(days=30))


def test_what_a_worker_claimed_that_died_before_is_taken_over() -> None:
    at = now()
    post(at=at)
    beat("w1", at + AHEAD)
    [_] = claim("w1", at)
    beat("w2", at)
    beat("w2", at + timedelta(seconds=20))

    assert len(claim("w2", at + timedelta(seconds=20))) == 1


def test_mail_that_was_written_before_leaves(
    config: Config,
) -> None:
    post(at=now() + AHEAD)
    assert claim("w1", now()) == []
    chores_done(config)
    assert only_mail().state == MailState.QUEUED
    assert due_since(now(), 1) is not None
    assert len(claim("w1", now())) == 1


def test_a_letter_that_was_confirmed_before_leaves(config: Config) -> None:
    put_every_office_to_work()
    queued(now() + AHEAD)
    chores_done(config)

    assert session.scalars(select(Letter.due_at)).one() <= now()


def test_a_host_that_spoke_before_and_is_gone_counts_for_an_hour() -> None:
    said = {"key_ids": "gone", "current": "gone", "said_at": now() + AHEAD}
    with transaction() as writing:
        writing.add(KeyHolder(place="second", host="second", **said))
    with transaction():
        announce(now())
    assert [one.host for one in others(now())] == ["second"]
    with transaction():
        announce(now() + HEARD_OF_FOR + timedelta(minutes=1))

    assert [one.current for one in session.scalars(select(KeyHolder))] == [keys().current]
