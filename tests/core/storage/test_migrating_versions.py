"""What people sign or write from says what it did before it was migrated, and is guarded."""

import pytest
from sqlalchemy import column, table, text, update
from sqlalchemy.exc import DatabaseError

from petition.core.storage.database import session, transaction
from petition.core.storage.migrating import upgrade
from petition.letters.campaigns.models import LetterRecipient
from petition.recipients.models import Recipient
from tests.core.storage.migrations import back_to, counted, differences
from tests.factories import load_sample
from tests.letters.posting import OFFICE, queued


@pytest.mark.usefixtures("own_database")
def test_versions_of_letters_from_before_name_their_offices_as_they_are_called_now() -> None:
    load_sample()
    written, before = queued().text_id, counted()
    back_to("0029")
    with transaction() as writing:
        renamed = update(Recipient).where(Recipient.slug == OFFICE)
        writing.execute(renamed.values(office={"en": "Minister", "fr": "Ministre"}))
    upgrade()

    named = session.query(LetterRecipient).all()
    assert len(named) == before[2] > 0
    assert all((one.office, one.jurisdiction) == _called(one.recipient) for one in named)
    assert {one.office_in("fr") for one in named if one.recipient.slug == OFFICE} == {"Ministre"}
    assert (counted(), differences()) == (before, [])
    _see_that_what_was_written_to_is_guarded(written)
    back_to("0029")
    _see_that_what_was_written_to_is_guarded(written)


def _called(office: Recipient) -> tuple[dict[str, str], str]:
    return office.office, office.jurisdiction


def _see_that_what_was_written_to_is_guarded(text_id: int) -> None:
    """See that the offices of this text's version stay in their places; others need not."""
    moved = table("letter_version_recipient", column("version_id"), column("position"))
    theirs = "version_id = (SELECT version_id FROM letter_text WHERE id = :id)"
    move = update(moved).values(position=moved.c.position + 10)
    session.remove()
    with pytest.raises(DatabaseError, match="written_recipients_never_change"), transaction() as it:
        it.execute(move.where(text(theirs)), {"id": text_id})
    with transaction() as writing:
        writing.execute(move.where(text(f"NOT {theirs}")), {"id": text_id})
