"""Several spellings of one address: the link to a letter goes to the one that confirmed it."""

import pytest
from sqlalchemy import update

from petition.core.log import log
from petition.core.storage.database import transaction
from petition.letters import actions, removals
from petition.letters.letter.models import Letter
from petition.outbox.models import OutboxMail
from tests.factories import NOON, Letters, load_sample, rows
from tests.letters.posting import finished, newest_letter, queued
from tests.web.public.people import mails_to

SPELLINGS = [
    ("victim@plusdomain.example", "victim+mallory@plusdomain.example"),
    ("victim+news@plusdomain.example", "victim@plusdomain.example"),
    ("victim@plusdomain.example", "VICTIM@PlusDomain.example"),
    ("victim.sample@gmail.com", "victimsample+x@googlemail.com"),
]
OWN, OTHER = SPELLINGS[0]


@pytest.fixture(autouse=True)
def campaign(database: str) -> None:
    """The sample campaign."""
    load_sample(NOON)


def hands_in(email: str) -> Letters:
    """Hand a letter in to the same office; return the letterhead with the links."""
    letters = Letters()
    letter = finished(email, name="Mallory Sample")
    with transaction():
        actions.hand_in(letter, letters, NOON)
    return letters


@pytest.mark.parametrize(("own", "typed"), SPELLINGS)
def test_the_link_to_a_confirmed_letter_goes_to_the_address_that_confirmed_it(
    own: str, typed: str
) -> None:
    queued(email=own)
    letters = hands_in(typed)

    assert len(letters.manage_tokens) == 1
    assert mails_to(typed) == []
    assert [mail.kind for mail in mails_to(own)] == ["confirm_letter", "letter_written"]


def test_of_a_letter_whose_writer_is_deleted_nobody_is_mailed() -> None:
    queued(email=OWN)
    with transaction() as writing:
        removals.erase_words(writing.get_one(Letter, newest_letter().id), NOON)

    before = rows(OutboxMail)

    assert hands_in(OTHER).manage_tokens == hands_in(OWN).manage_tokens == []
    assert rows(OutboxMail) == before


def test_a_letter_that_does_not_open_mails_nobody(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "handlers", [caplog.handler])
    queued(email=OWN)
    with transaction() as writing:
        writing.execute(update(Letter).values(content_key="gone"))

    before = rows(OutboxMail)

    assert hands_in(OWN).manage_tokens == []
    assert rows(OutboxMail) == before
    assert "a letter does not open: nobody is mailed about it" in caplog.text
