"""A past standing of a gap never changes; what did not change keeps its row."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from petition.core.storage.database import session, transaction
from petition.gaps.models import Standing
from petition.migrations.tables import metadata
from petition.publishing.loading import FolderRefused, load_campaign
from tests.campaigns.folders import changed, copied, load
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("database")

FILE = "gaps/answer-each-others-lists.toml"
BRITISH = "140 persons and 34 entities were listed for abuse"
HELD = ("gap", "campaign", "event", "report", "partner", "panellist", "recipient", "mailroom")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample campaign, loaded."""
    load(copied(tmp_path))
    return tmp_path / "campaign"


def rows_held() -> dict[str, set[str]]:
    """Return every row that a campaign holds, ids included."""
    found = {
        name: {repr(tuple(row)) for row in session.execute(select(table))}
        for name, table in metadata.tables.items()
        if name.startswith(HELD)
    }
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'jurisdiction = "GB"\nstatus = "partial"',
            'jurisdiction = "GB"\nstatus = "acted"',
            r"line \d+: the standing of GB as of 2026-04-29 was published with status = “partial”",
        ),
        ("UK Sanctions List, 29 April", "UK list, 29 April", "with source = “Computed from the UK"),
        (BRITISH, "Some were listed", "with because = en: “140 persons"),
        ("2026-04-29", "2026-04-30", "GB as of 2026-04-29 was published and is missing"),
    ],
    ids=["status", "source", "because", "day"],
)
def test_a_past_standing_that_is_changed_or_missing_is_refused(
    old: str, new: str, words: str, folder: Path
) -> None:
    before = rows_held()
    changed(folder, FILE, old, new)

    with pytest.raises(FolderRefused, match=rf"^{FILE}.*{words}"), transaction():
        load_campaign(folder, NOON)
    assert rows_held() == before


def test_the_next_standing_and_a_translation_are_added_to_what_there_is(folder: Path) -> None:
    before = rows_held()
    file = folder / FILE
    text = file.read_text("utf-8")
    spanish = 'because.es = "Estaban en la lista."'
    british = text.index("because.en", text.index("as_of = 2026-04-29"))
    file.write_text(
        f"{text[:british]}{spanish}\n{text[british:]}\n"
        '[[standing]]\njurisdiction = "GB"\nstatus = "acted"\nas_of = 2026-11-01\n'
        'source = "A list"\nbecause.en = "It answered."\n',
        "utf-8",
    )
    load(folder)
    after = rows_held()

    assert len(after["gap_standing"] - before["gap_standing"]) == 2
    assert len(before["gap_standing"] - after["gap_standing"]) == 1
    assert {name for name in before if after[name] != before[name]} == {"gap_standing"}


def test_loading_again_leaves_every_row_as_it_is(folder: Path) -> None:
    before = rows_held()
    load(folder)

    assert rows_held() == before


def test_a_changed_text_changes_its_own_row_alone(folder: Path) -> None:
    before = rows_held()
    load(changed(folder, FILE, "Listed by one, unanswered", "Listed by one, not answered"))
    after = rows_held()

    assert {name for name in before if after[name] != before[name]} == {"gap_text"}
    assert len(after["gap_text"] - before["gap_text"]) == 1
    assert len(after["gap_text"]) == len(before["gap_text"])


@pytest.mark.parametrize("column", ["status", "source", "source_url", "jurisdiction"])
def test_the_database_refuses_to_change_a_past_standing(column: str, folder: Path) -> None:
    assert folder.exists()
    value = {"status": "does_not_apply", "jurisdiction": "EU"}.get(column, "https://example.org")
    one = select(Standing.id).where(Standing.jurisdiction == "GB").limit(1).scalar_subquery()
    changing = update(Standing).where(Standing.id == one).values({column: value})

    with pytest.raises(DatabaseError, match="past_standing_never"), transaction() as writing:
        writing.execute(changing)
