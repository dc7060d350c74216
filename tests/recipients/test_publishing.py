"""Recipients come from a folder: how they take letters, whose they are, who holds the office."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from petition.core.storage.database import session, transaction
from petition.publishing.loading import FolderRefused, load_campaign
from petition.recipients.models import Recipient
from petition.recipients.queries import area_prefixes, recipient_by_slug, representatives_of
from tests.campaigns.folders import copied
from tests.factories import NOON, rows

pytestmark = pytest.mark.usefixtures("database")

OFFICE_ENTRY = """
[[recipient]]
slug = "an-office"
jurisdiction = "GB"
email = "an-office@example.org"
channels = ["email", "form", "post"]
form_url = "https://example.org/an-office"
address = "An Office\\n1 Example Street"
areas = ["ZZ1"]
zone = "Europe/London"
hours = "9-17"
verified_on = 2026-11-20
verified_source = "https://example.org/offices"
office.en = "An Office"
salutation.en = "Dear Office,"
close.en = "Yours faithfully,"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample campaign."""
    return copied(tmp_path)


def load(folder: Path, entry: str, at: datetime = NOON) -> None:
    """Load a copy with one more recipient, in place of any that was written so before."""
    file = folder / "recipients.toml"
    before = file.read_text("utf-8").partition("# one more\n")[0]
    file.write_text(f"{before}# one more\n{entry}", "utf-8")
    with transaction():
        load_campaign(folder, at)
    session.remove()


def office(slug: str = "an-office") -> Recipient:
    found = recipient_by_slug(slug)
    assert found is not None
    return found


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('email = "an-office@example.org"', "", "the channel “email” needs “email”"),
        ('form_url = "https://example.org/an-office"', "", "the channel “form” needs “form_url”"),
        (r'"An Office\n1 Example Street"', r'" \n"', "“address” is empty"),
        ('channels = ["email", "form", "post"]', "", "“areas” need “channels”"),
        ('"form", "post"]', '"form", "fax"]', "“channels” is “fax”; it can be email, form"),
        ('"an-office@example.org"', '"an office"', "“email” is no e-mail address"),
        ('"https://example.org/an-office"', '"example.org"', "“form_url” has to begin with https"),
        ('"9-17"', '"17-9"', "“hours” is “17-9”; write 9-17"),
        ('"9-17"', '"9-25"', "“hours” is “9-25”; write 9-17"),
        ('"9-17"', '"nine to five"', "“hours” is “nine to five”; write 9-17"),
        ('"9-17"', '"9-17"\nhourly_cap = 0', "“hourly_cap” has to be at least 1"),
        ('"9-17"', '"9-17"\npaper = "a5"', "“paper” is “a5”; it can be a4, letter"),
        ('"9-17"', '"9-17"\ncountry = "XX"', "“country”: there is no country “XX”"),
        ('"Europe/London"', '"Europe"', "there is no time zone “Europe”"),
        ("verified_on = 2026-11-20", "", "“verified_on” and “verified_source” go together"),
        ('salutation.en = "Dear Office,"', "", "“salutation” is missing"),
        ('close.en = "Yours faithfully,"', 'close.en = ""', "“close” needs a text"),
        ('["ZZ1"]', '["ZZ/1"]', "“areas” has “ZZ/1”, which is no beginning of a postcode"),
        ('["ZZ1"]', '["ZZ1 ZZ2 ZZ3 ZZ4 ZZ5"]', "“areas” has .* is no beginning of a postcode"),
        ('"an-office"', '"gb-foreign-secretary"', r"two tables \[\[recipient\]\] for gb-foreign"),
    ],
)
def test_a_recipient_with_a_mistake_is_not_loaded(
    old: str, new: str, words: str, folder: Path
) -> None:
    assert old in OFFICE_ENTRY
    with pytest.raises(FolderRefused, match=f"recipients.toml.*{words}"):
        load(folder, OFFICE_ENTRY.replace(old, new))
    session.rollback()
    assert rows(Recipient) == 0


def test_an_office_is_laid_out_by_its_jurisdiction_unless_it_says_otherwise(folder: Path) -> None:
    load(folder, OFFICE_ENTRY.replace('hours = "9-17"', ""))

    mailroom = office().mailroom
    assert mailroom is not None
    assert (mailroom.country, mailroom.paper, mailroom.hourly_cap) == ("GB", "a4", 60)
    assert (mailroom.hours_from, mailroom.hours_until) == (9, 17)
    countries = {}
    for slug in ("eu-high-representative", "fr-foreign-minister"):
        other = office(slug).mailroom
        assert other is not None
        countries[slug] = other.country
    assert countries == {"eu-high-representative": "BE", "fr-foreign-minister": "FR"}


def test_an_office_whose_channels_are_gone_takes_no_letters(folder: Path) -> None:
    load(folder, OFFICE_ENTRY)
    lines = OFFICE_ENTRY.splitlines()
    kept = ("[[recipient]]", "slug", "jurisdiction", "email", "office.en")
    load(folder, "\n".join(line for line in lines if line.startswith(kept)))

    assert office().mailroom is None
    assert office().areas == []


def test_a_representative_is_found_by_the_postcodes_of_the_people(folder: Path) -> None:
    load(folder, OFFICE_ENTRY.replace('["ZZ1"]', '["zz 1", "aa-3"]'))

    assert [one.slug for one in representatives_of("GB", "zz1 2ab")] == ["an-office"]
    assert [one.slug for one in representatives_of("GB", "AA3 4BB")] == ["an-office"]
    assert [one.slug for one in representatives_of("GB", "ZZ8 1AA")] == ["gb-mp-example-north"]
    assert [one.slug for one in representatives_of("CA", "z0z 1b1")] == ["ca-mp-example-centre"]
    assert representatives_of("CA", "ZZ8 1AA") == []


@pytest.mark.parametrize(
    ("postcode", "areas"),
    [
        ("E1 4NS", {"", "E", "E1", "E14NS"}),
        ("E14 5AB", {"", "E", "E14", "E145AB"}),
        ("SW1A 2AH", {"", "SW", "SW1", "SW1A", "SW1A2AH"}),
        ("SW11 1AA", {"", "SW", "SW11", "SW111AA"}),
    ],
)
def test_a_british_area_ends_where_the_outward_code_ends(postcode: str, areas: set[str]) -> None:
    assert set(area_prefixes("GB", postcode)) == areas


def test_areas_that_are_gone_from_the_folder_are_gone(folder: Path) -> None:
    load(folder, OFFICE_ENTRY.replace('["ZZ1"]', '["ZZ1", "ZZ2"]'))
    load(folder, OFFICE_ENTRY.replace('["ZZ1"]', '["ZZ2", "ZZ3"]'))

    assert {area.prefix for area in office().areas} == {"ZZ2", "ZZ3"}


def held_by(folder: Path, holder: str, at: datetime = NOON) -> Recipient:
    """Load an office with these lines about its holder; return it."""
    load(folder, OFFICE_ENTRY.replace("office.en", f"{holder}\noffice.en"), at)
    return office()


def test_a_new_holder_ends_the_one_before(folder: Path) -> None:
    held_by(folder, 'holder = "Ada Example"\nholder_since = 2025-01-01')
    now = held_by(folder, 'holder = "Ben Example"\nholder_since = 2026-11-10')

    assert now.holder == "Ben Example"
    assert [(one.name, one.since, one.until) for one in now.holders] == [
        ("Ada Example", date(2025, 1, 1), date(2026, 11, 10)),
        ("Ben Example", date(2026, 11, 10), None),
    ]


def test_an_office_that_is_left_stays_and_so_does_who_held_it(folder: Path) -> None:
    held_by(folder, 'holder = "Ada Example"')
    assert held_by(folder, 'holder = "Ada Example"').holder == "Ada Example"
    left = held_by(folder, "", NOON + timedelta(days=1))

    assert left.holder is None
    assert [(one.name, one.until) for one in left.holders] == [("Ada Example", date(2026, 11, 21))]


def test_a_holder_who_began_after_the_next_one_was_noted_ends_on_the_first_day(
    folder: Path,
) -> None:
    held_by(folder, 'holder = "Ada Example"\nholder_since = 2026-11-15')
    now = held_by(folder, 'holder = "Ben Example"\nholder_since = 2026-11-10')

    assert now.holder == "Ben Example"
    assert now.holders[0].until == date(2026, 11, 15)
