"""Whom a version of a letter can go to, and what they are called, never changes once it is used."""

from pathlib import Path

import pytest
from sqlalchemy import Executable, delete, insert, literal, select, update
from sqlalchemy.exc import DatabaseError

from petition.core.storage.database import session, transaction
from petition.letters.campaigns.models import (
    LetterCampaign,
    LetterRecipient,
    LetterText,
    LetterVersion,
)
from petition.letters.campaigns.queries import offices_of
from petition.letters.letter.models import Letter
from petition.recipients.models import Recipient
from tests.campaigns.folders import changed, copied, load
from tests.factories import NOON, load_sample, rows
from tests.letters.posting import LETTER, awaiting, letter_campaign

pytestmark = pytest.mark.usefixtures("database")

FILE = f"letters/{LETTER}.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample campaign."""
    return copied(tmp_path)


def version_of(letter: Letter) -> int:
    """Return the number of the version that a letter was written from."""
    return session.get_one(LetterText, letter.text_id).version_id


@pytest.mark.parametrize(
    "statement",
    [
        delete(LetterRecipient),
        update(LetterRecipient).values(position=LetterRecipient.position + 10),
        update(LetterRecipient).values(office={"en": "President"}),
        insert(LetterRecipient).from_select(
            ["version_id", "recipient_id", "position", "office", "jurisdiction"],
            select(
                LetterVersion.id,
                Recipient.id,
                literal(99),
                Recipient.office,
                Recipient.jurisdiction,
            )
            .join(LetterVersion.letter_campaign)
            .join(Recipient, Recipient.slug == "eu-council")
            .where(LetterCampaign.slug == LETTER),
        ),
    ],
    ids=["delete", "update", "rename", "insert"],
)
def test_the_database_refuses_to_readdress_a_version_that_somebody_wrote_from(
    statement: Executable,
) -> None:
    load_sample()
    awaiting()

    with (
        pytest.raises(DatabaseError, match="written_recipients_never_change"),
        transaction() as writing,
    ):
        writing.execute(statement)


@pytest.mark.parametrize("written", [True, False], ids=["away from it", "to it"])
def test_the_database_moves_no_recipient_between_a_written_version_and_another(
    written: bool,
) -> None:
    load_sample()
    version = version_of(awaiting())
    other = letter_campaign("letter-on-partner-governments").version.id
    before, after = (version, other) if written else (other, version)
    session.commit()

    with (
        pytest.raises(DatabaseError, match="written_recipients_never_change"),
        transaction() as writing,
    ):
        writing.execute(
            update(LetterRecipient)
            .where(LetterRecipient.version_id == before)
            .values(version_id=after)
        )


def test_the_recipients_of_a_version_that_nobody_wrote_from_may_be_corrected() -> None:
    load_sample()
    version = version_of(awaiting())
    with transaction() as writing:
        writing.execute(delete(LetterRecipient).where(LetterRecipient.version_id != version))

    assert letter_campaign("letter-on-partner-governments").version.recipients == []
    assert len(letter_campaign().version.recipients) == 7


def test_other_recipients_make_a_new_version_and_a_written_one_keeps_its_own(folder: Path) -> None:
    load(folder, NOON)
    version = version_of(awaiting())
    offices = [one.slug for one in offices_of(letter_campaign().version)]
    found = load(changed(folder, FILE, '    "de-foreign-minister",\n', ""), NOON)

    first, second = letter_campaign().versions
    assert (found.new_versions, first.id) == (1, version)
    assert [one.slug for one in offices_of(first)] == offices
    assert {*offices} - {one.slug for one in offices_of(second)} == {"de-foreign-minister"}


def titles(version: LetterVersion, language: str = "en") -> list[str]:
    """Return what a version calls its offices."""
    return [one.office_in(language) for one in version.recipients]


def test_an_office_renamed_in_the_folder_makes_a_new_version_and_a_written_one_keeps_its_name(
    folder: Path,
) -> None:
    load(folder, NOON)
    version = version_of(awaiting())
    before = titles(letter_campaign().version)
    load(changed(folder, "recipients.toml", 'en = "Secretary of State"', 'en = "President"'), NOON)

    first, second = letter_campaign().versions
    assert (first.id, titles(first)) == (version, before)
    assert titles(second) == ["President", *before[1:]]
    assert rows(LetterVersion) == 5 + 4


def test_a_new_name_of_an_office_is_no_translation_of_its_old_one(folder: Path) -> None:
    load(folder, NOON)
    renamed = 'en = "President"\nde = "Präsident"'
    load(changed(folder, "recipients.toml", 'en = "Secretary of State"', renamed), NOON)

    first, second = letter_campaign().versions
    assert [titles(one, "de")[0] for one in (first, second)] == ["Secretary of State", "Präsident"]


def test_an_office_of_another_jurisdiction_makes_a_new_version(folder: Path) -> None:
    load(folder, NOON)
    office = 'slug = "us-secretary-of-state"\njurisdiction = '
    load(changed(folder, "recipients.toml", f'{office}"US"', f'{office}"CA"'), NOON)

    first, second = letter_campaign().versions
    assert [one.recipients[0].jurisdiction for one in (first, second)] == ["US", "CA"]


def test_a_translation_of_an_office_makes_no_new_version_and_is_read(folder: Path) -> None:
    load(folder, NOON)
    english, german = 'en = "Secretary of State"', 'de = "Außenminister"'
    found = load(changed(folder, "recipients.toml", english, f"{english}\n{german}"), NOON)

    assert found.new_versions == 0
    assert titles(letter_campaign().version, "de")[0] == "Außenminister"
