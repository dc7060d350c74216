"""A folder changes nothing that another campaign relies on, unless somebody has agreed to it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from petition.campaigns.models import Campaign
from petition.core.storage.database import session, transaction
from petition.gaps.models import Gap
from petition.migrations.tables import metadata
from petition.publishing.loading import SharedRefused, load_campaign
from petition.recipients.models import Recipient
from petition.recipients.queries import recipient_by_slug
from tests.campaigns.folders import changed, load
from tests.factories import NOON, load_sample
from tests.publishing.river import load_agreed

OFFICE = """
[[recipient]]
slug = "gb-foreign-secretary"
jurisdiction = "GB"
office.en = "Foreign Secretary"
email = "fs@river.example"
"""
CAMPAIGN = """
slug = "river"
starts_on = 2027-03-01
ends_on = 2027-03-31
[organisation]
name = "River Friends"
contact = "river@example.org"
[text.en]
title = "The river"
summary = "It is ours."
body = "campaign.en.md"
"""
GAP = """
slug = "say-who-was-harmed"
number = 4
kind = "victims"
[text.en]
title = "Another title"
summary = "Another summary"
body = "gap.en.md"
"""
Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign of somebody else, which has nothing yet; the sample's is there already."""
    for name, text in {
        "campaign.toml": CAMPAIGN,
        "campaign.en.md": "Our river.",
        "recipients.toml": "",
        "gaps/gap.en.md": "Harm.",
    }.items():
        file = tmp_path / "river" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "river"


@pytest.fixture
def run(app: Flask) -> Run:
    """Run a command of `campaigns`."""

    def command(*words: object, says: str = "") -> Result:
        args = ["campaigns", *map(str, words)]
        return app.test_cli_runner().invoke(args=args, input=says)

    return command


def all_rows() -> dict[str, list[str]]:
    """Return everything that campaigns hold, and recipients."""
    found = {}
    for name, table in metadata.tables.items():
        if name.startswith(("gap", "recipient", "mailroom", "holder", "petition", "campaign")):
            found[name] = sorted(str(tuple(row)) for row in session.execute(select(table)))
    session.rollback()
    return found


@pytest.mark.usefixtures("database")
def test_an_office_of_another_campaign_is_not_changed(folder: Path) -> None:
    load_sample()
    before = all_rows()
    (folder / "recipients.toml").write_text(OFFICE, "utf-8")

    with pytest.raises(SharedRefused) as refused, transaction():
        load_campaign(folder, NOON)
    assert (
        "the office “gb-foreign-secretary”, which “magnitsky-month-2026” relies on: “email” "
        "from “gb-foreign-secretary@example.org” to “fs@river.example”." in refused.value.problems
    )
    assert all_rows() == before


@pytest.mark.usefixtures("database")
def test_a_gap_of_another_campaign_is_not_changed(folder: Path) -> None:
    load_sample()
    before = all_rows()
    text = f"{GAP}{(standings_of('say-who-was-harmed'))}"
    (folder / "gaps" / "gap.toml").write_text(text, "utf-8")

    with pytest.raises(SharedRefused, match=r"“say-who-was-harmed”.*text\.en"), transaction():
        load_campaign(folder, NOON)
    assert all_rows() == before


def standings_of(slug: str) -> str:
    """Return the standings of a gap as the sample has them."""
    text = (Path("samples/magnitsky-month/gaps") / f"{slug}.toml").read_text("utf-8")
    return text[text.index("[[standing]]") :]


@pytest.mark.usefixtures("database")
def test_what_another_campaign_has_may_be_named_as_it_is(folder: Path) -> None:
    load_sample()
    sample = Path("samples/magnitsky-month")
    for name in ("toml", "en.md", "fr.md"):
        file = sample / "gaps" / f"say-who-was-harmed.{name}"
        (folder / "gaps" / file.name).write_bytes(file.read_bytes())
    (folder / "recipients.toml").write_bytes((sample / "recipients.toml").read_bytes())
    with transaction():
        load_campaign(folder, NOON)

    owners = {gap.campaign_id for gap in session.scalars(select(Gap))}
    assert owners == {office.campaign_id for office in session.scalars(select(Recipient))}
    assert len(owners) == 1


@pytest.mark.usefixtures("database")
def test_a_representative_is_relied_on_by_every_campaign_with_letters(folder: Path) -> None:
    load_sample()
    text = (Path("samples/magnitsky-month") / "recipients.toml").read_text("utf-8")
    entry = text[text.index('[[recipient]]\nslug = "gb-mp') :].split("\n[[recipient]]")[0]
    (folder / "recipients.toml").write_text(entry, "utf-8")
    changed(folder, "recipients.toml", '"ZZ8"', '"SW1"')

    with pytest.raises(SharedRefused, match=r"gb-mp.*“areas” from “ZZ8, ZZ9”"), transaction():
        load_campaign(folder, NOON)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("", 'areas = ["EX1", "EX2"]', "the areas EX1, EX2 of GB."),
        ('channels = ["email"]', 'areas = ["EX2"]', "the area EX2 of GB."),
        ('areas = ["EX1"]', 'areas = ["EX1", "EX2"]', "the area EX2 of GB."),
        ('areas = ["EX1"]', 'areas = ["EX1"]\ncountry = "US"', "the area EX1 of US."),
        ("", 'areas = [""]', "the area “” (all of it) of GB."),
    ],
    ids=["new", "had none", "wider", "other country", "whole country"],
)
def test_a_folder_takes_no_letters_of_other_campaigns_unasked(
    before: str, after: str, words: str, folder: Path
) -> None:
    offices = folder / "recipients.toml"
    if before:
        offices.write_text(representative(before), "utf-8")
        with transaction():
            load_campaign(folder, NOON)
    load_agreed(Path("samples/magnitsky-month"))
    offices.write_text(representative(after), "utf-8")

    with pytest.raises(SharedRefused) as refused, transaction():
        load_campaign(folder, NOON)
    assert (
        "the office “gb-river-member” would take letters of “magnitsky-month-2026” from "
        f"{words}" in refused.value.problems
    )


def representative(keys: str) -> str:
    """Return the entry of an office with these keys too."""
    return f"""[[recipient]]
slug = "gb-river-member"
jurisdiction = "GB"
office.en = "Member for the River"
email = "member@river.example"
{keys if "channels" in keys else f'channels = ["email"]{chr(10)}{keys}'}
salutation.en = "Dear Member,"
close.en = "Yours faithfully,"
zone = "Europe/London"
"""


@pytest.mark.usefixtures("database")
def test_many_areas_are_counted(folder: Path) -> None:
    load_sample()
    areas = [f"EX{number}" for number in range(10, 50)]
    (folder / "recipients.toml").write_text(representative(f"areas = {areas}"), "utf-8")

    with pytest.raises(SharedRefused, match="EX29 and 20 more of GB"), transaction():
        load_campaign(folder, NOON)


@pytest.mark.usefixtures("database")
def test_areas_that_stay_or_become_fewer_are_not_asked_about_again(folder: Path) -> None:
    offices = folder / "recipients.toml"
    offices.write_text(representative('areas = ["EX1", "EX2"]'), "utf-8")
    for areas in ('["EX1", "EX2"]', '["ex 1", "EX2"]'):
        offices.write_text(representative(f"areas = {areas}"), "utf-8")
        with transaction():
            load_campaign(folder, NOON)
        session.remove()
        load_agreed(Path("samples/magnitsky-month"))
    offices.write_text(representative('areas = ["EX1"]'), "utf-8")

    with pytest.raises(SharedRefused, match="“areas” from “EX1, EX2” to “EX1”") as refused:
        load_campaign(folder, NOON)
    assert not any("would take" in one for one in refused.value.problems)


@pytest.mark.usefixtures("database")
def test_an_office_that_only_its_own_campaign_names_is_changed_unasked(folder: Path) -> None:
    load_sample()
    own = OFFICE.replace("gb-foreign-secretary", "gb-river-board")
    for address in ("fs@", "board@"):
        (folder / "recipients.toml").write_text(own.replace("fs@", address), "utf-8")
        with transaction():
            load_campaign(folder, NOON)
        session.remove()

    found = recipient_by_slug("gb-river-board")
    assert found is not None
    assert found.email == "board@river.example"


def test_shared_things_are_changed_once_somebody_has_read_what_changes(
    run: Run, folder: Path
) -> None:
    load_sample()
    (folder / "recipients.toml").write_text(OFFICE, "utf-8")
    refused = run("load", folder)
    declined = run("load", "--shared", folder, says="n\n")
    assert refused.exit_code == declined.exit_code == 1
    assert "load it with --shared" in refused.output
    assert "to “fs@river.example”" in declined.output
    assert office_email() == "gb-foreign-secretary@example.org"

    done = run("load", "--shared", folder, says="y\n")
    assert done.exit_code == 0, done.output
    assert office_email() == "fs@river.example"


def office_email() -> str | None:
    """Return the address of the office that both campaigns name."""
    session.remove()
    found = recipient_by_slug("gb-foreign-secretary")
    session.rollback()
    return found.email if found else None


def test_a_check_changes_nothing_and_says_what_others_rely_on(run: Run, folder: Path) -> None:
    load_sample()
    (folder / "recipients.toml").write_text(OFFICE, "utf-8")
    before = all_rows()
    looked = run("check", folder)

    assert looked.exit_code == 0, looked.output
    assert "river: 0 petitions" in looked.output
    assert "“magnitsky-month-2026” relies on: “email” from" in looked.output
    assert all_rows() == before


@pytest.mark.usefixtures("database")
def test_a_gap_that_its_campaign_drops_is_taken_over_by_another_that_has_it(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "gaps" / "gap.toml").write_text(GAP, "utf-8")
    load(folder)
    other = Path(shutil.copytree(folder, tmp_path / "lake"))
    load(changed(other, "campaign.toml", '"river"', '"lake"'))
    changed(other, "gaps/gap.toml", "Another title", "A title of the lake")
    with pytest.raises(SharedRefused, match="which “river” relies on"):
        load(other)
    session.remove()

    (folder / "gaps" / "gap.toml").unlink()
    (folder / "gaps" / "gap.en.md").unlink()
    load(folder)
    load(other)
    [gap] = session.scalars(select(Gap))
    assert gap.text_in("en").title == "A title of the lake"
    owner = session.get_one(Campaign, gap.campaign_id)
    assert owner.slug == "lake"
