"""The sample campaign can be removed, with all that people tried in it, and no other can."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from petition.audit.noting import begin_log
from petition.campaigns.models import Campaign
from petition.cli.serve import load_sample_once
from petition.core.clock import now
from petition.core.storage.database import session, transaction
from petition.exports.actions import begin
from petition.exports.models import Contents, Export
from petition.exports.queries import can_continue
from petition.letters.letter.models import Letter
from petition.migrations.tables import metadata
from petition.outbox.models import OutboxMail
from petition.petitions.asks import ask_of
from petition.petitions.models import Petition
from petition.petitions.queries import petition_by_slug
from petition.publishing.loading import load_campaign
from petition.publishing.removing import sample_campaign
from petition.recipients.models import Recipient
from petition.recipients.queries import representatives_of
from petition.signatures.models import Signature
from tests.campaigns.folders import changed, copied, load
from tests.deliveries.making import handed_over, organiser
from tests.factories import NOON, SLUG, load_sample, make_ask, rows, sign, signed
from tests.grounds.exporting import as_recorded, made
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
    who = organiser()
    before = everything()
    load_agreed(Path("samples/magnitsky-month"))
    signed(make_ask())
    sign(make_ask())
    awaiting()
    handed_over(who)
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


def test_a_file_of_another_campaign_that_the_sample_was_in_stands_alone_afterwards(
    app: Flask, tried: dict[str, int]
) -> None:
    sample, who = petition_by_slug(SLUG), organiser()
    assert sample is not None
    other = session.scalars(select(Petition.id).join(Campaign).where(~Campaign.is_sample)).one()
    with transaction():
        first = begin(sample.id, who, "To look", Contents(further=(other,)), now())
    made(first)
    with transaction():
        more = Contents(further=(sample.id,), since=first.id)
        second = begin(other, who, "To look", more, now())
    number = as_recorded(second).id
    made(second)
    done = remove(app, SAMPLE)
    session.remove()

    assert done.exit_code == 0, done.output
    [left] = session.scalars(select(Export))
    assert (left.id, left.petition_ids, left.since_id) == (number, [other], None)
    assert not can_continue(other, Contents(since=left.id))


def test_a_sample_that_was_removed_stays_away(app: Flask) -> None:
    with transaction():
        begin_log(NOON)
    load_sample_once()
    assert session.scalars(select(Campaign.slug)).all() == [SAMPLE]
    assert remove(app, SAMPLE).exit_code == 0
    load_sample_once()
    assert session.scalars(select(Campaign.slug)).all() == []


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
    assert [one.slug for one in representatives_of("GB", "ZZ8 1AA")] == ["gb-mp-example-north"]


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

    assert representatives_of("GB", "ZZ8 1AA") == []


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """The folder of a campaign that was loaded as no sample, and now says that it is one."""
    folder = changed(copied(tmp_path), "campaign.toml", "sample = true", "sample = false")
    load(folder)
    return changed(folder, "campaign.toml", "sample = false", "sample = true")


def signed_here() -> None:
    """Sign a petition as it was loaded; to make one would load the sample again."""
    petition = petition_by_slug(SLUG)
    assert petition is not None
    signed(ask_of(petition, "en"))


@pytest.mark.parametrize("act", [signed_here, awaiting], ids=["signed", "written"])
def test_a_campaign_in_which_people_did_something_becomes_no_sample_unasked(
    app: Flask, live: Path, act: Callable[[], object]
) -> None:
    act()
    session.remove()
    run = app.test_cli_runner()
    words = f"the campaign “{SAMPLE}”, in which people have signed or written, would become a "

    assert words in run.invoke(args=["campaigns", "check", str(live)]).output
    refused = run.invoke(args=["campaigns", "load", str(live)])
    assert refused.exit_code == 1
    assert words in refused.output
    session.remove()
    assert sample_campaign() is None
    session.remove()

    agreed = run.invoke(args=["campaigns", "load", "--shared", str(live)], input="y\n")
    assert agreed.exit_code == 0, agreed.output
    session.remove()
    assert sample_campaign() is not None


@pytest.mark.usefixtures("app")
def test_a_campaign_in_which_nobody_did_anything_becomes_a_sample(live: Path) -> None:
    load(live)

    assert sample_campaign() is not None


def test_a_sample_in_which_people_tried_something_is_loaded_again(app: Flask) -> None:
    load_sample()
    signed(make_ask())
    session.remove()
    again = app.test_cli_runner().invoke(args=["campaigns", "load", "samples/magnitsky-month"])

    assert again.exit_code == 0, again.output
