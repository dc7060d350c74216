"""Two weeks after a letter left its writer is asked about the answer, once."""

from datetime import datetime, timedelta

import pytest

from petition.core.storage.database import transaction
from petition.letters import answers
from petition.letters.letter.models import Answer
from petition.outbox.models import OutboxMail
from tests.factories import NOON, Letters, load_sample, rows
from tests.letters.posting import newest_letter, sent

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign, published ten days ago."""
    load_sample(NOON - 10 * DAY)


def ask(at: datetime) -> Letters:
    """Let the worker ask about answers; return the letterhead with the links."""
    letters = Letters()
    with transaction():
        answers.ask_about_answers(lambda _language: letters, at)
    return letters


def test_one_mail_asks_after_two_weeks_and_none_after_that() -> None:
    sent()
    with transaction() as writing:
        writing.query(OutboxMail).delete()

    assert ask(NOON + 13 * DAY).manage_tokens == []
    assert len(ask(NOON + 14 * DAY).manage_tokens) == 1
    assert ask(NOON + 15 * DAY).manage_tokens == []
    assert rows(OutboxMail) == 1
    assert newest_letter().asked_at == NOON + 14 * DAY
    assert newest_letter().answer is None


def test_nobody_is_asked_who_has_told_us_already() -> None:
    sent()
    with transaction() as writing:
        answers.note_answer(writing.merge(newest_letter()), Answer.YES, NOON + DAY)

    assert ask(NOON + 14 * DAY).manage_tokens == []
