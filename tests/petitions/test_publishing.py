"""A text that someone signed never changes: an edit makes a new version."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.exc import DatabaseError

from petition.core.drafts.shapes import Markdown
from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.petitions.asks import ask_of, ask_of_text, find_ask
from petition.petitions.drafts import PetitionTextDraft
from petition.petitions.models import Petition, PetitionRecipient, PetitionText, PetitionVersion
from petition.petitions.publishing import publish_version
from petition.petitions.queries import petition_by_slug
from petition.publishing.loading import FolderRefused, load_campaign
from petition.recipients.models import Recipient
from tests.factories import NOON, SAMPLE, SLUG, make_ask, make_petition, rows, sign, signed

pytestmark = pytest.mark.usefixtures("database")

NEW = {"en": PetitionTextDraft("A new title", "A summary", Markdown("A *new* text"))}


def try_to(statement: object) -> None:
    """Run a statement in a transaction of its own."""
    with transaction() as writing:
        writing.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize("column", ["title", "summary", "body", "mail_question", "language"])
def test_the_database_refuses_to_change_a_signed_text(column: str) -> None:
    ask = make_ask()
    sign(ask)
    statement = update(PetitionText).where(PetitionText.id == ask.text_id).values({column: "x"})

    with pytest.raises(DatabaseError, match="signed_text_never_changes"):
        try_to(statement)


def test_the_database_refuses_to_delete_a_signed_text() -> None:
    ask = make_ask()
    sign(ask)

    with pytest.raises(DatabaseError):
        try_to(delete(PetitionText).where(PetitionText.id == ask.text_id))
    with pytest.raises(DatabaseError):
        try_to(delete(PetitionVersion))


@pytest.mark.parametrize(
    "statement",
    [
        delete(PetitionRecipient),
        update(PetitionRecipient).values(position=PetitionRecipient.position + 10),
        update(PetitionRecipient).values(office={"en": "President"}),
        insert(PetitionRecipient).from_select(
            ["version_id", "recipient_id", "position", "office", "jurisdiction"],
            select(
                PetitionVersion.id,
                Recipient.id,
                literal(9),
                Recipient.office,
                Recipient.jurisdiction,
            )
            .join(PetitionVersion.petition)
            .join(Recipient, Recipient.slug == "eu-council")
            .where(Petition.slug == SLUG),
        ),
    ],
    ids=["delete", "update", "rename", "insert"],
)
def test_the_database_refuses_to_readdress_a_signed_version(statement: object) -> None:
    sign(make_ask())

    with pytest.raises(DatabaseError, match="signed_recipients_never_change"):
        try_to(statement)


def test_an_office_renamed_in_the_folder_is_another_addressee(tmp_path: Path) -> None:
    signature, _ = signed(make_ask())
    folder = broken(tmp_path, "recipients.toml", '"Secretary of State"', '"President"')
    with transaction():
        load_campaign(folder, NOON + timedelta(days=1))
    session.remove()

    assert rows(PetitionVersion) == 5 + 4
    text = session.get_one(PetitionText, signature.text_id)
    assert ask_of_text(text, "en").recipients[0].office == "Secretary of State"
    petition = petition_by_slug(SLUG)
    assert petition is not None
    assert ask_of(petition, "en").recipients[0].office == "President"


def test_a_translation_of_an_office_makes_no_new_version(tmp_path: Path) -> None:
    make_petition()
    english = 'en = "Secretary of State"'
    spanish = 'es = "Secretario de Estado"'
    folder = broken(tmp_path, "recipients.toml", english, f"{english}\n{spanish}")
    with transaction():
        loaded = load_campaign(folder, NOON)
    session.remove()

    assert loaded.new_versions == 0
    petition = petition_by_slug(SLUG)
    assert petition is not None
    assert ask_of(petition, "es").recipients[0].office == "Secretario de Estado"


def test_other_recipients_make_a_new_version_and_a_signature_keeps_its_own(tmp_path: Path) -> None:
    ask = make_ask()
    signature, _ = signed(ask)
    offices = [office.office for office in ask.recipients]
    folder = broken(tmp_path, f"petitions/{SLUG}.toml", '"gb-foreign-secretary",', "")
    with transaction():
        loaded = load_campaign(folder, NOON + timedelta(days=1))
    session.remove()

    assert loaded.new_versions == 1
    text = session.get_one(PetitionText, signature.text_id)
    assert [office.office for office in ask_of_text(text, "en").recipients] == offices
    petition = petition_by_slug(SLUG)
    assert petition is not None
    left = [office.office for office in ask_of(petition, "en").recipients]
    assert left == [office for office in offices if not office.startswith("Foreign Secretary")]
    assert len(left) == len(offices) - 1


def test_a_text_that_nobody_signed_may_be_corrected() -> None:
    ask = make_ask()
    try_to(update(PetitionText).where(PetitionText.id == ask.text_id).values(title="x"))

    assert session.get_one(PetitionText, ask.text_id).title == "x"


def test_loading_the_same_folder_again_changes_nothing() -> None:
    make_petition()
    with transaction():
        loaded = load_campaign(SAMPLE, NOON)

    assert (loaded.petitions, loaded.new_versions) == (5, 0)
    assert rows(PetitionVersion) == 5


def test_a_changed_text_becomes_a_new_version_and_the_old_one_stays(tmp_path: Path) -> None:
    ask = make_ask()
    sign(ask)
    folder = tmp_path / "campaign"
    shutil.copytree(SAMPLE, folder)
    file = folder / "petitions" / f"{SLUG}.en.md"
    file.write_text(file.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    with transaction():
        loaded = load_campaign(folder, NOON + timedelta(days=1))
    session.remove()

    assert loaded.new_versions == 1
    petition = petition_by_slug(SLUG)
    assert petition is not None
    assert [version.number for version in petition.versions] == [1, 2]
    assert "One more line" in petition.version.text_in("en").body
    assert "One more line" not in session.get_one(PetitionText, ask.text_id).body


def test_a_new_version_is_met_by_the_next_reader() -> None:
    petition = make_petition()
    assert ask_of(petition, "en").version == 1
    with transaction():
        publish_version(session.get_one(Petition, petition.id), NEW, [], NOON)
    session.remove()
    forget_everything()
    ask = find_ask(SLUG, "en")

    assert ask is not None
    assert (ask.version, ask.title) == (2, "A new title")


def test_a_reader_without_a_text_in_their_language_meets_english() -> None:
    petition = make_petition()

    assert ask_of(petition, "de").language == "en"
    assert ask_of(petition, "en").language == "en"


def broken(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """Return a copy of the sample with one thing changed."""
    folder = tmp_path / "campaign"
    shutil.copytree(SAMPLE, folder)
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return folder


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("campaign.toml", "slug", "snail", "campaign.toml: “slug” is missing"),
        ("campaign.toml", "=", "==", "campaign.toml"),
        (
            f"petitions/{SLUG}.toml",
            '"abuse"',
            '"weather"',
            "“kind” is “weather”",
        ),
        (f"petitions/{SLUG}.toml", "gb-foreign-secretary", "nobody", "no recipient “nobody”"),
        (f"petitions/{SLUG}.toml", f"{SLUG}.en.md", "none.md", "none.md is missing"),
        (f"petitions/{SLUG}.toml", "2026-11-01", '"soon"', "“opens_on”"),
        ("recipients.toml", "slug", "snail", "recipients.toml, line 4: “slug” is missing"),
    ],
)
def test_a_folder_with_a_mistake_names_file_and_cause_and_changes_nothing(
    file: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    folder = broken(tmp_path, file, old, new)

    with pytest.raises(FolderRefused, match=words), transaction():
        load_campaign(folder, NOON)
    assert rows(Petition) == 0


@pytest.mark.any_database
def test_a_folder_without_its_files_says_which(tmp_path: Path) -> None:
    with pytest.raises(FolderRefused, match=r"recipients\.toml is missing"), transaction():
        load_campaign(tmp_path, NOON)
