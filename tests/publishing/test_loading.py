"""Gaps, events, reports and partners come from a folder; each mistake names file and cause."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from petition.campaigns.events import Event, event_by_slug
from petition.campaigns.models import Campaign, CampaignText, Partner
from petition.campaigns.reports import Report, ReportBrief, ReportFile
from petition.core.storage.database import session, transaction
from petition.gaps.models import Gap, GapStatus
from petition.gaps.queries import gap_by_slug
from petition.petitions.models import Petition
from petition.publishing.loading import FolderRefused, Loaded, load_campaign
from petition.recipients.jurisdictions import Jurisdiction
from tests.campaigns.folders import changed, copied, load, with_event
from tests.factories import NOON, rows

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample campaign."""
    return copied(tmp_path)


def vigil() -> Event:
    found = event_by_slug("a-vigil")
    assert found is not None
    return found


def test_a_campaign_holds_its_gaps_in_the_order_of_their_numbers(folder: Path) -> None:
    load(folder)

    campaign = session.query(Campaign).one()
    assert [gap.reference for gap in campaign.gaps] == [f"GAP-0{n}" for n in range(1, 6)]
    assert [partner.position for partner in campaign.partners] == [0, 1, 2, 3]


def test_the_newest_standing_is_how_a_government_stands(folder: Path) -> None:
    load(folder)
    gap = gap_by_slug("sanction-human-trafficking")

    assert gap is not None
    standing = gap.standing_of(Jurisdiction.GB)
    assert standing is not None
    assert (standing.status, standing.as_of.year) == (GapStatus.PARTIAL, 2023)


def test_loading_twice_changes_no_event_and_makes_nothing_twice(folder: Path) -> None:
    load(folder)
    before = [(e.slug, e.sequence, e.changed_at) for e in session.query(Event)]
    load(folder)

    assert [(e.slug, e.sequence, e.changed_at) for e in session.query(Event)] == before
    assert rows(Gap) == 5


def test_an_event_is_an_instant_whatever_the_clocks_do(folder: Path) -> None:
    """Europe goes back on 25 October 2026, America on 1 November."""
    load(with_event(folder, starts_at="2026-10-28T18:00:00", ends_at="2026-10-28T19:00:00"))
    assert vigil().starts_at == datetime(2026, 10, 28, 18, tzinfo=UTC)
    load(
        with_event(
            folder,
            zone='"America/New_York"',
            starts_at="2026-10-28T18:00:00",
            ends_at="2026-10-28T19:00:00",
        )
    )
    assert vigil().starts_at == datetime(2026, 10, 28, 22, tzinfo=UTC)


def test_what_calendars_show_counts_the_sequence_up_and_nothing_else_does(folder: Path) -> None:
    load(with_event(folder))
    load(with_event(folder, recording_url='"https://video.example.org/vigil"'))
    assert vigil().sequence == 0

    load(with_event(folder, starts_at="2026-11-16T17:00:00"))
    assert vigil().sequence == 1
    load(with_event(folder, state='"cancelled"'))
    assert vigil().sequence == 2
    load(with_event(folder, **{"place.en": '"Example Square"'}))
    assert vigil().sequence == 3


@pytest.mark.any_database
@pytest.mark.parametrize("part", ["events", "petitions", "letters", "reports"])
def test_what_belongs_to_another_campaign_does_not_move_over(part: str, folder: Path) -> None:
    load(folder)
    changed(folder, "campaign.toml", "magnitsky-month-2026", "magnitsky-month-2027")
    for other in {"events", "petitions", "letters", "reports"} - {part}:
        for file in (folder / other).glob("*.toml"):
            file.unlink()

    with pytest.raises(FolderRefused, match="in another campaign already"), transaction():
        load_campaign(folder, NOON)
    assert rows(Campaign) == 1


def test_an_event_in_the_hour_that_comes_twice_is_not_changed_by_loading_again(
    folder: Path,
) -> None:
    for _ in range(2):
        load(
            with_event(
                folder,
                zone='"America/New_York"',
                starts_at="2026-11-01T01:30:00",
                ends_at="2026-11-01T03:00:00",
            )
        )

    assert vigil().sequence == 0
    assert vigil().starts_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"zone": '"Europe/Atlantis"'}, "there is no time zone “Europe/Atlantis”"),
        ({"ends_at": "2026-11-16T17:00:00"}, "“ends_at” has to lie after “starts_at”"),
        ({"starts_at": "2027-03-28T01:30:00"}, "the clocks of Europe/London skip 01:30"),
        ({"state": '"maybe"'}, "“state” is “maybe”; it can be planned, moved, cancelled"),
        ({"state": '"moved"'}, "“moved_from” and the state “moved” go together"),
        ({"gap": '"nothing"'}, "no gap “nothing” in the folder gaps"),
        ({"registration_url": '"javascript:alert(1)"'}, "has to begin with https://"),
        ({"registration_url": '"https://a:b@c.example"'}, "a name or a password before an @"),
        ({"starts_at": '"soon"'}, "“starts_at” is a text; write a moment like"),
        ({"host": ""}, "“host” is missing"),
        ({"slug": '"A Vigil"'}, "“slug” may have small letters"),
        ({"languages": '["en", "klingon"]'}, "there is no language “klingon”"),
        ({"host": f'"{"x" * 201}"'}, "“host” has 201 characters; it may have 200"),
    ],
)
def test_an_event_with_a_mistake_is_not_loaded(
    values: dict[str, str], words: str, folder: Path
) -> None:
    with_event(folder, **values)

    with pytest.raises(FolderRefused, match=f"9-vigil.toml.*{words}"), transaction():
        load_campaign(folder, NOON)
    assert rows(Event) == 0


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "gaps/say-who-was-harmed.toml",
            "number = 4",
            "number = 1",
            "“1” is the number of",
        ),
        ("gaps/say-who-was-harmed.toml", '"partial"', '"half"', "“status” is “half”"),
        ("gaps/say-who-was-harmed.toml", '"GB"', '"FR"', "it can be US, CA, GB, EU"),
        ("reports/four-lists-five-gaps.toml", "T15:00:00Z", "T15:00:00", "needs an offset"),
        ("reports/four-lists-five-gaps.toml", "gaps.en.pdf", "gaps.fr.pdf", "is missing"),
        (
            "reports/four-lists-five-gaps.toml",
            '"brief-us',
            '"../brief-us',
            "has to be the name of",
        ),
        ("partners.toml", "https://coalition", "ftp://coalition", "has to begin with https://"),
        ("campaign.toml", "[text.fr]", "[text.french]", "there is no language “french”"),
        ("partners.toml", 'country = "', 'country = "X', "“country”: there is no country “X"),
        (
            "reports/four-lists-five-gaps.toml",
            'language = "en"\nbody = "brief-us',
            'language = "fr"\nbody = "brief-us',
            r"two tables \[\[brief\]\] for US, fr",
        ),
        ("reports/four-lists-five-gaps.toml", '"fr"', '"freench"', "no language “freench”"),
        (
            "gaps/say-who-was-harmed.toml",
            "2023-12-31",
            "2022-11-15",
            r"two tables \[\[standing\]\] for US, 2022-11-15",
        ),
        ("campaign.toml", "date = 2026-12-09", "date = 2026-12-10", r"two tables \[\[day\]\]"),
        ("campaign.toml", "2026-12-10\n", "2026-10-10\n", "“ends_on” lies before"),
    ],
)
def test_a_folder_with_a_mistake_is_not_loaded(
    file: str, old: str, new: str, words: str, folder: Path
) -> None:
    changed(folder, file, old, new)

    with pytest.raises(FolderRefused, match=words), transaction():
        load_campaign(folder, NOON)
    assert rows(Campaign) == 0


LINKED = (
    *("campaign.toml", "campaign.fr.md", "partners.toml", "recipients.toml", "gaps"),
    *("gaps/say-who-was-harmed.toml", "gaps/say-who-was-harmed.en.md", "events/1-launch.en.md"),
    *("petitions/say-who-was-harmed.en.md", "letters/letter-on-human-trafficking.toml"),
    *("letters", "reports", "reports/four-lists-five-gaps.toml"),
)


@pytest.mark.any_database
@pytest.mark.parametrize("name", [*LINKED, "report", "brief"])
def test_a_link_anywhere_in_a_folder_is_named_and_nothing_is_loaded(
    name: str, folder: Path, tmp_path: Path
) -> None:
    kinds = {"report": "reports/*.pdf", "brief": "reports/brief-us*.md"}
    path = sorted(folder.glob(kinds.get(name, name)))[0]
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FolderRefused, match=f"{path.name} is a link"), transaction():
        load_campaign(folder, NOON)
    assert rows(Campaign) == 0


def without(folder: Path, *files: str) -> Path:
    """Take files out of a copy."""
    for file in files:
        (folder / file).unlink()
    return folder


def loaded(folder: Path) -> Loaded:
    with transaction():
        return load_campaign(folder, NOON)


def test_a_report_whose_file_is_gone_is_withdrawn_with_its_files(folder: Path) -> None:
    load(folder)
    found = loaded(without(folder, "reports/four-lists-five-gaps.toml"))

    assert found.removed == ["the report “four-lists-five-gaps”"]
    assert (rows(Report), rows(ReportFile), rows(ReportBrief)) == (0, 0, 0)


def test_partners_and_languages_that_are_gone_from_the_folder_are_gone(folder: Path) -> None:
    load(folder)
    text = (folder / "campaign.toml").read_text("utf-8")
    arabic = text[text.index("[text.ar]") : text.index("[[day]]")]
    changed(folder, "campaign.toml", arabic, "")
    found = loaded(without(folder, "partners.toml"))

    assert found.removed == ["the campaign's text in “ar”"]
    assert rows(Partner) == 0
    assert {text.language for text in session.query(CampaignText)} == {"en", "fr"}


def test_an_event_that_calendars_announce_cannot_vanish_without_a_word(folder: Path) -> None:
    days = {"starts_at": "2030-11-16T18:00:00", "ends_at": "2030-11-16T19:00:00"}
    load(with_event(folder, **days))
    without(folder, "events/9-vigil.toml")

    with pytest.raises(FolderRefused, match=r"“a-vigil” is missing.*“cancelled”"):
        loaded(folder)
    session.rollback()
    load(with_event(folder, state='"cancelled"', **days))
    found = loaded(without(folder, "events/9-vigil.toml"))
    assert found.removed == ["the event “a-vigil”"]


def test_a_petition_that_people_may_have_signed_cannot_vanish(folder: Path) -> None:
    load(folder)
    before = rows(Petition)

    with pytest.raises(FolderRefused, match=r"“say-who-was-harmed” is missing.*closes_on"):
        loaded(without(folder, "petitions/say-who-was-harmed.toml"))
    assert rows(Petition) == before


def test_a_gap_goes_once_nothing_is_about_it_any_more(folder: Path) -> None:
    load(folder)
    changed(folder, "petitions/say-who-was-harmed.toml", 'gap = "say-who-was-harmed"', "")
    letter = "letters/letter-on-victims-left-unnamed.toml"
    changed(folder, letter, 'gap = "say-who-was-harmed"', 'gap = "eu-corruption-sanctions"')
    changed(folder, "reports/four-lists-five-gaps.toml", '    "say-who-was-harmed",\n', "")
    changed(folder, "events/4-victims.toml", 'gap = "say-who-was-harmed"', "")
    found = loaded(without(folder, "gaps/say-who-was-harmed.toml"))

    assert found.removed == ["the gap “say-who-was-harmed”"]
    assert gap_by_slug("say-who-was-harmed") is None
