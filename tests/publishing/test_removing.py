"""The sample campaign can be removed, with all that people tried in it, and no other can."""

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from petition.campaigns.models import Campaign
from petition.core.storage.database import session, transaction
from petition.letters.letter.models import Letter
from petition.migrations.tables import metadata
from petition.outbox.models import OutboxMail
from petition.publishing.loading import load_campaign
from petition.recipients.models import Recipient
from petition.recipients.queries import representatives_of
from petition.signatures.models import Signature
from tests.campaigns.folders import changed, load
from tests.factories import NOON, load_sample, make_ask, rows, sign, signed
from tests.letters.posting import awaiting
from tests.publishing.river import FILES, load_agreed, written

SAMPLE = "magnitsky-month-2026"
KEPT = ("audit", "key_holder", "installed", "probe", "sqlite", "mail_allowance", "unconfirmed")


def everything() -> dict[str, int]:
    """Return how many rows there are of what campaigns and people bring."""
    found = {
        name: len(session.execute(select(table)).all())
        for name, table in metadata.tables.items()
        if not name.startswith(KEPT)
    }
    session.rollback()
    return found


def remove(app: Flask, typed: str) -> Result:
    return app.test_cli_runner().invoke(args=["campaigns", "remove-sample"], input=f"{typed}\n")


@pytest.fixture
def tried(app: Flask, tmp_path: Path) -> dict[str, int]:
    """A campaign of one's own, and then the sample, in which somebody has tried everything."""
    own = changed(written(tmp_path / "own"), "gaps/harm.toml", "= 1", "= 9")
    (own / "letters/board.toml").unlink()
    with transaction():
        load_campaign(own, NOON)
    session.remove()
    before = everything()
    load_agreed(Path("samples/magnitsky-month"))
    signed(make_ask())
    sign(make_ask())
    awaiting()
    return before


def test_the_sample_goes_with_all_that_people_did_in_it_and_nothing_else_goes(
    app: Flask, tried: dict[str, int]
) -> None:
    assert rows(Signature) == 2
    assert rows(Letter) == 1
    done = remove(app, SAMPLE)
    session.remove()

    assert "with 2 signatures and 1 letter, for good." in done.output
    assert done.exit_code == 0, done.output
    assert everything() == tried
    assert session.scalars(select(Campaign.slug)).all() == ["river"]
    assert rows(OutboxMail) == 0


@pytest.mark.usefixtures("tried")
def test_whoever_types_another_name_removes_nothing(app: Flask) -> None:
    before = everything()
    refused = remove(app, "river")

    assert refused.exit_code == 1
    assert "That is not its name; nothing was removed." in refused.output
    assert everything() == before


def test_a_campaign_that_is_no_sample_is_never_removed(app: Flask, tmp_path: Path) -> None:
    with transaction():
        load_campaign(written(tmp_path / "own"), NOON)
    before = everything()
    refused = remove(app, "river")

    assert refused.exit_code == 1
    assert "No campaign here is a sample." in refused.output
    assert everything() == before


def test_an_office_that_another_campaign_writes_to_stays(app: Flask, tmp_path: Path) -> None:
    load_sample()
    folder = written(tmp_path / "own")
    changed(folder, "gaps/harm.toml", "number = 1", "number = 9")
    changed(folder, "petitions/river.toml", "gb-board", "gb-foreign-secretary")
    (folder / "letters/board.toml").unlink()
    with transaction():
        load_campaign(folder, NOON)
    assert remove(app, SAMPLE).exit_code == 0
    session.remove()

    left = {one.slug: one.campaign_id for one in session.scalars(select(Recipient))}
    assert left.keys() == {"gb-board", "gb-foreign-secretary"}
    assert left["gb-foreign-secretary"] is None


MEMBERS = ["ca-mp-example-centre", "gb-mp-example-north"]


def test_representatives_stay_while_another_campaign_has_letters(
    app: Flask, tmp_path: Path
) -> None:
    load_sample()
    own = changed(written(tmp_path / "own"), "gaps/harm.toml", "number = 1", "number = 9")
    load_agreed(own)
    done = remove(app, SAMPLE)
    session.remove()

    assert f"letters of other campaigns may go to them: {', '.join(MEMBERS)}." in done.output
    left = {one.slug: one.campaign_id for one in session.scalars(select(Recipient))}
    assert left == {**dict.fromkeys(MEMBERS), "gb-board": left["gb-board"]}
    assert [one.slug for one in representatives_of("GB", "EX1 1AA")] == ["gb-mp-example-north"]


def test_a_representative_that_stayed_is_ended_by_a_folder_that_names_it(
    app: Flask, tmp_path: Path
) -> None:
    load_sample()
    own = changed(written(tmp_path / "own"), "gaps/harm.toml", "number = 1", "number = 9")
    load_agreed(own)
    assert remove(app, SAMPLE).exit_code == 0
    session.remove()
    office = FILES["recipients.toml"].replace("gb-board", "gb-mp-example-north")
    (own / "recipients.toml").write_text(FILES["recipients.toml"] + office, "utf-8")
    load(own)

    assert representatives_of("GB", "EX1 1AA") == []
