"""Letters come from a folder: a text that somebody wrote from never changes, a mistake is named."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from petition.core.storage.database import session, transaction
from petition.letters.campaigns.models import (
    LetterCampaign,
    LetterText,
    LetterVersion,
)
from petition.letters.campaigns.queries import offices_of
from petition.letters.drafting.composing import template_for
from petition.publishing.loading import FolderRefused
from tests.campaigns.folders import changed, copied, load
from tests.factories import NOON, load_sample, rows
from tests.letters.posting import LETTER, awaiting, letter_campaign

pytestmark = pytest.mark.usefixtures("database")

FILE = f"letters/{LETTER}.toml"
REASON = """[[text.en.reason]]
label = "I have seen it"
prompt = "Say in one sentence what you saw."
"""
NEW_LETTER = f"""
slug = "a-letter"
gap = "say-who-was-harmed"
recipients = ["gb-foreign-secretary"]
opens_on = 2026-11-01

[text.en]
title = "A letter"
summary = "It asks."
subject = "One line"
opening = "I am writing to you."
facts = "It is so (https://example.org/so)."

[text.en.ask]
any = "Please act."
GB = "Please act in London."
{REASON}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample campaign."""
    return copied(tmp_path)


def test_the_sample_has_a_letter_about_each_of_its_gaps(folder: Path) -> None:
    found = load(folder, NOON)

    campaigns = session.query(LetterCampaign).all()
    assert found.letter_campaigns == 5
    assert {one.gap.number for one in campaigns} == {1, 2, 3, 4, 5}
    assert [one.version.number for one in campaigns] == [1] * 5


@pytest.mark.any_database
def test_every_office_of_the_sample_is_greeted_in_each_language_of_a_letter(folder: Path) -> None:
    load(folder, NOON)

    for one in session.query(LetterCampaign):
        assert len(offices_of(one.version)) == len(one.version.recipients)
        for text in one.version.texts:
            for recipient in offices_of(one.version):
                assert recipient.mailroom is not None
                assert text.language in recipient.mailroom.salutation
                assert text.language in recipient.mailroom.close
                assert recipient.jurisdiction in text.asks
                assert all(template_for(text, recipient.mailroom).words.split("\n\n"))


def test_loading_again_makes_no_new_version(folder: Path) -> None:
    load(folder, NOON)
    found = load(folder, NOON)

    assert (found.letter_campaigns, found.new_versions) == (5, 0)
    assert rows(LetterVersion) == 5


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("I am writing to you about", "I write to you about"),
        ("I ask that Canada use", "I ask Canada to use"),
        ("I work in this field", "I work on this"),
        ("Say in one sentence which goods", "Say which goods"),
        ('    "de-foreign-minister",\n', ""),
    ],
    ids=["opening", "ask", "label", "prompt", "recipient"],
)
def test_what_is_changed_becomes_version_2_and_the_old_one_stays(
    old: str, new: str, folder: Path
) -> None:
    load(folder, NOON)
    before = [text.opening for text in letter_campaign().version.texts]
    found = load(changed(folder, FILE, old, new), NOON + timedelta(days=1))

    first, second = letter_campaign().versions
    assert (found.new_versions, first.number, second.number) == (1, 1, 2)
    assert [text.opening for text in first.texts] == before
    assert len(first.recipients) == 7


def test_a_letter_keeps_the_text_that_it_was_written_from(folder: Path) -> None:
    load(folder, NOON)
    letter = awaiting()
    load(changed(folder, FILE, "I am writing to you about", "I write to you about"), NOON)

    assert "I am writing" in session.get_one(LetterText, letter.text_id).opening
    assert "I write" in letter_campaign().version.text_in("en").opening


@pytest.mark.parametrize("column", ["title", "summary", "subject", "opening", "facts", "language"])
def test_the_database_refuses_to_change_a_text_that_somebody_wrote_from(column: str) -> None:
    load_sample()
    letter = awaiting()
    statement = update(LetterText).where(LetterText.id == letter.text_id).values({column: "x"})

    with pytest.raises(DatabaseError, match="written_text_never_changes"), transaction() as writing:
        writing.execute(statement)


def test_the_database_refuses_to_delete_a_text_that_somebody_wrote_from() -> None:
    load_sample()
    letter = awaiting()

    with pytest.raises(DatabaseError), transaction() as writing:
        writing.execute(delete(LetterText).where(LetterText.id == letter.text_id))
    with pytest.raises(DatabaseError), transaction() as writing:
        writing.execute(delete(LetterVersion))


def test_a_text_that_nobody_wrote_from_may_be_corrected() -> None:
    load_sample()
    letter = awaiting()
    with transaction() as writing:
        writing.execute(update(LetterText).where(LetterText.id != letter.text_id).values(title="x"))

    titles = {text.language: text.title for text in letter_campaign().version.texts}
    assert (titles["fr"], titles["ar"]) == ("x", "x")


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (REASON, "", "a letter needs one to 7 reasons"),
        (REASON, REASON * 8, "a letter needs one to 7 reasons"),
        ('any = "Please act."', "", r"“ask” needs “any”"),
        ('GB = "', 'FR = "', r"“ask” needs “any”, and may have one for US, CA, GB, EU"),
        ("[text.en.ask]", "[text.en.asks]", "“ask” is missing"),
        ('"gb-foreign-secretary"', '"nobody"', "no recipient “nobody” in recipients.toml"),
        ('"gb-foreign-secretary"', "", "“recipients” is empty: name at least one"),
        ('gap = "say-who-was-harmed"', "", "“gap” is missing"),
        ('"say-who-was-harmed"', '"nothing"', "no gap “nothing” in the folder gaps"),
        ('"a-letter"', f'"{LETTER}"', f"“{LETTER}” is the slug of letters/{LETTER}.toml"),
        ('"a-letter"', '"A letter"', "“slug” may have small letters"),
        ('"One line"', r'"Two\nlines"', "“subject” has to be of one line"),
        ('"One line"', f'"{"x" * 151}"', "“subject” has 151 characters; it may have 150"),
        ('"It asks."', f'"{"x" * 401}"', "“summary” has 401 characters; it may have 400"),
        ("prompt = ", "prompts = ", "“prompt” is missing"),
        ("[[text.en.reason]]", "[text.en.reason]", "“reason” is one table; write two brackets"),
        ("2026-11-01", '"soon"', "“opens_on” is a text; write a day"),
        ("text.en", "text.english", "there is no language “english”"),
    ],
)
def test_a_letter_with_a_mistake_is_not_loaded(
    old: str, new: str, words: str, folder: Path
) -> None:
    assert old in NEW_LETTER
    (folder / "letters" / "z-letter.toml").write_text(NEW_LETTER.replace(old, new), "utf-8")

    with pytest.raises(FolderRefused, match=f"z-letter.toml.*{words}"):
        load(folder, NOON)
    session.rollback()
    assert rows(LetterCampaign) == 0


def test_a_letter_without_a_mistake_is_loaded(folder: Path) -> None:
    (folder / "letters" / "z-letter.toml").write_text(NEW_LETTER, "utf-8")
    load(folder, NOON)

    text = letter_campaign("a-letter").version.text_in("en")
    assert (text.ask_of("GB"), text.ask_of("US")) == ("Please act in London.", "Please act.")


def test_a_letter_campaign_whose_file_is_gone_is_refused(folder: Path) -> None:
    load(folder, NOON)
    (folder / FILE).unlink()

    with pytest.raises(FolderRefused, match=rf"“{LETTER}” is missing.*“closes_on”"):
        load(folder, NOON)
    session.rollback()
    assert rows(LetterCampaign) == 5


def test_a_letter_campaign_ends_with_the_day_on_which_it_closes(folder: Path) -> None:
    days = "opens_on = 2026-11-01"
    load(changed(folder, FILE, days, f"{days}\ncloses_on = 2026-12-10"), NOON)

    one = letter_campaign()
    assert not one.is_open(date(2026, 10, 31))
    assert one.is_open(date(2026, 12, 10))
    assert not one.is_open(date(2026, 12, 11))
