"""A campaign is written as a folder that loads back to no change at all."""

import tomllib
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from petition.campaigns.drafts import OrganisationDraft
from petition.core.storage.database import session, transaction
from petition.migrations.tables import metadata
from petition.publishing.binding import Binding, NoFiles
from petition.publishing.loading import load_campaign
from petition.publishing.saving import save_campaign, write_files
from petition.publishing.toml_text import write_draft
from tests.campaigns.folders import copied, load, with_event
from tests.factories import NOON, load_sample
from tests.publishing.river import written

SAMPLE = "magnitsky-month-2026"


def every_row() -> dict[str, set[str]]:
    """Return every row of every table, the log of who did what left out."""
    found = {
        name: {repr(tuple(row)) for row in session.execute(select(table))}
        for name, table in metadata.tables.items()
        if not name.startswith("audit")
    }
    session.rollback()
    return found


def run(app: Flask, *words: object) -> Result:
    """Run a command of `campaigns`."""
    return app.test_cli_runner().invoke(args=["campaigns", *map(str, words)])


@pytest.mark.usefixtures("database")
def test_the_sample_is_saved_and_loads_back_to_no_change_at_all(tmp_path: Path) -> None:
    load_sample()
    before = every_row()
    write_files(save_campaign(SAMPLE), tmp_path / "saved")
    with transaction():
        loaded = load_campaign(tmp_path / "saved", NOON)
    session.remove()

    assert (loaded.new_versions, loaded.removed) == (0, [])
    assert every_row() == before
    assert save_campaign(SAMPLE) == {
        file.relative_to(tmp_path / "saved").as_posix(): file.read_bytes()
        for file in (tmp_path / "saved").rglob("*.*")
    }


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "values",
    [
        {"state": '"moved"', "moved_from": "2026-11-10T18:00:00"},
        {
            "zone": '"America/New_York"',
            "starts_at": "2026-11-01T01:30:00-05:00",
            "ends_at": "2026-11-01T03:00:00",
        },
    ],
    ids=["moved", "in the hour that comes twice"],
)
def test_the_times_of_an_event_come_back(values: dict[str, str], tmp_path: Path) -> None:
    load(with_event(copied(tmp_path), **values))
    before = every_row()
    write_files(save_campaign(SAMPLE), tmp_path / "saved")
    load(tmp_path / "saved")

    assert every_row() == before


def test_a_campaign_is_saved_by_a_command_into_a_new_folder(app: Flask, tmp_path: Path) -> None:
    with transaction():
        load_campaign(written(tmp_path / "river"), NOON)
    saved = run(app, "save", "river", tmp_path / "saved")
    again = run(app, "save", "river", tmp_path / "saved")
    checked = run(app, "check", tmp_path / "saved")

    assert "river: 11 files in" in saved.output
    assert "is not empty; name a folder that is new." in again.output
    assert "0 new versions" in checked.output
    text = (tmp_path / "saved" / "events" / "walk.toml").read_text("utf-8")
    assert "starts_at = 2026-11-16T18:00:00\n" in text


def test_a_campaign_that_is_none_is_named_with_those_there_are(app: Flask, tmp_path: Path) -> None:
    load_sample()
    refused = run(app, "save", "magnitsky", tmp_path / "saved")

    assert refused.exit_code == 1
    assert f"There is no campaign “magnitsky”. There is: {SAMPLE}." in refused.output


@given(
    name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60),
    contact=st.text(alphabet="\"\\\n\t\r\x01\x7f'#[]=é", max_size=30),
)
def test_any_text_is_read_back_as_it_was(name: str, contact: str) -> None:
    draft = OrganisationDraft(name, contact)
    values = tomllib.loads(write_draft(draft, "x").text)

    assert Binding(NoFiles()).read(OrganisationDraft, values) == draft
