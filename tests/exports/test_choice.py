"""Exports of some countries, days and languages alone, and of several petitions at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from petition.core.clock import now
from petition.core.i18n import countries
from petition.core.storage.database import session, transaction
from petition.exports import actions
from petition.exports.changes import corrections
from petition.exports.choice import Choice, ChoiceRefused, checked
from petition.exports.models import Contents, Export, ExportFormat, ExportPreset, ExportScope
from petition.exports.presets import NoSuchFile
from petition.exports.queries import export_of, exports_of
from petition.petitions.asks import Ask
from petition.signatures.models import Signature
from petition.signatures.removals import withdraw
from tests.exports.test_presets import read
from tests.factories import OTHER_SLUG, make_ask, make_organiser, sign, signed, signer
from tests.grounds.exporting import as_recorded, made

FIRST, LAST = date(2026, 11, 21), date(2026, 11, 22)
MIDNIGHT = datetime(2026, 11, 21, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def ask(database: str) -> Ask:
    """A petition."""
    return make_ask()


def begin(ask: Ask, contents: Contents) -> Export:
    """Ask for an export."""
    organiser = make_organiser().id
    with transaction():
        return actions.begin(ask.petition_id, organiser, "To hand over", contents, now())


def names(ask: Ask, choice: Choice, scope: ExportScope = ExportScope.CONFIRMED) -> list[str]:
    """Return who is in a file of these, and see that the record says how it was narrowed."""
    export = begin(ask, Contents(scope, choice=choice))
    rows = read(made(export).removeprefix(b"\xef\xbb\xbf"))
    kept = as_recorded(export)
    assert (kept.choice, kept.row_count) == (checked(choice), len(rows))
    return [row["name"] for row in rows]


def test_a_file_holds_the_countries_and_languages_that_were_chosen(ask: Ask) -> None:
    signed(ask, signer(name="Ada One"))
    signed(ask, signer(name="Bea Two", country="FR", language="fr"))
    signed(ask, signer(name="Cleo Three", country="CA", language="fr"))

    assert names(ask, Choice(countries=("GB",))) == ["Ada One"]
    assert names(ask, Choice(countries=("GB", "CA", "GB"))) == ["Ada One", "Cleo Three"]
    assert names(ask, Choice(languages=("fr",))) == ["Bea Two", "Cleo Three"]
    assert names(ask, Choice(countries=("CA", "GB"), languages=("fr",))) == ["Cleo Three"]
    assert names(ask, Choice(countries=("DE",))) == []


def test_a_file_holds_who_came_from_the_sources_that_were_chosen(ask: Ask) -> None:
    signed(ask, signer(name="Ada One"), source="newsletter-nov")
    signed(ask, signer(name="Bea Two", country="FR"), source="poster")
    signed(ask, signer(name="Cleo Three", country="FR"))

    assert names(ask, Choice(sources=("poster", "newsletter-nov"))) == ["Ada One", "Bea Two"]
    assert names(ask, Choice(countries=("FR",), sources=("poster", "radio"))) == ["Bea Two"]
    assert names(ask, Choice(sources=("radio",))) == []


def test_days_begin_and_end_in_utc_and_both_are_in_it(ask: Ask) -> None:
    moments = {
        "Ada Before": MIDNIGHT - SECOND,
        "Bea First": MIDNIGHT,
        "Cleo Last": MIDNIGHT + timedelta(days=2) - SECOND,
        "Dora After": MIDNIGHT + timedelta(days=2),
    }
    for name, at in moments.items():
        signed(ask, signer(name=name), at=at)

    assert names(ask, Choice(first_day=FIRST, last_day=LAST)) == ["Bea First", "Cleo Last"]
    assert names(ask, Choice(first_day=LAST)) == ["Cleo Last", "Dora After"]
    assert names(ask, Choice(last_day=FIRST)) == ["Ada Before", "Bea First"]


def test_days_are_of_confirming_and_of_signing_where_all_states_are_in_it(ask: Ask) -> None:
    sign(ask, signer(name="Ada Pending"), at=MIDNIGHT)
    before = signed(ask, signer(name="Bea Confirmed"), at=MIDNIGHT)[0].id
    with transaction():
        session.get_one(Signature, before).confirmed_at = MIDNIGHT + timedelta(days=1)
    day = Choice(first_day=FIRST, last_day=FIRST)

    assert names(ask, day) == []
    assert names(ask, day, ExportScope.EVERYTHING) == ["Ada Pending", "Bea Confirmed"]


def test_a_correction_of_another_day_is_none_of_a_file(ask: Ask) -> None:
    gone = [signed(ask, at=MIDNIGHT)[0].id, signed(ask, at=MIDNIGHT + timedelta(days=1))[0].id]
    export = begin(ask, Contents(choice=Choice(last_day=FIRST)))
    made(export)
    for number in gone:
        with transaction():
            withdraw(session.get_one(Signature, number), now())

    assert corrections(as_recorded(export)) == gone[:1]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(countries=("GB", "XX")), "There is no country “XX”"),
        (Choice(countries=("gb",)), "There is no country “gb”"),
        (Choice(countries=("G B",)), "There is no country"),
        (Choice(languages=("klingon",)), "There is no language “klingon”"),
        (Choice(sources=("poster", "Nadia Sample")), "“Nadia Sample” is no source"),
        (Choice(sources=tuple(map(str, range(21)))), "There are 21 sources: name 20 at most"),
        (Choice(first_day=date(1900, 1, 1)), "Nobody signed on 1900-01-01"),
        (Choice(last_day=date(2200, 1, 1)), "Nobody signed on 2200-01-01"),
        (Choice(first_day=LAST, last_day=FIRST), "The last day is before the first"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(choice: Choice, words: str) -> None:
    with pytest.raises(ChoiceRefused, match=words):
        Export.of(1, Contents(choice=choice), now())


def test_a_choice_of_every_country_is_kept(ask: Ask) -> None:
    everywhere = tuple(countries("en"))
    signed(ask, signer(name="Ada One"))

    assert names(ask, Choice(countries=everywhere * 2)) == ["Ada One"]


@pytest.mark.parametrize(
    "change",
    [{"countries": ""}, {"languages": ""}, {"first_day": LAST, "last_day": FIRST}],
)
def test_the_database_refuses_what_is_no_choice(ask: Ask, change: dict[str, object]) -> None:
    export = begin(ask, Contents())
    with pytest.raises(IntegrityError), transaction():
        session.execute(update(Export).where(Export.id == export.id).values(**change))


def test_several_petitions_are_in_one_table_each_row_with_its_own(ask: Ask) -> None:
    other, third = make_ask(OTHER_SLUG), make_ask("eu-corruption-sanctions")
    signed(ask, signer("ada@example.org", name="Ada One"))
    signed(other, signer("ada@example.org", name="Ada One"))
    signed(third, signer(name="Cleo Three"))
    both = Contents(further=(other.petition_id, ask.petition_id))
    export = begin(ask, both)
    rows = read(made(export).removeprefix(b"\xef\xbb\xbf"))

    assert [(row["name"], row["petition"]) for row in rows] == [
        ("Ada One", ask.slug),
        ("Ada One", OTHER_SLUG),
    ]
    assert list(rows[0])[-1] == "petition"
    assert as_recorded(export).contents.further == (other.petition_id,)


def test_a_tool_gets_the_title_of_each_rows_petition(ask: Ask) -> None:
    other = make_ask(OTHER_SLUG)
    for one in (ask, other):
        signed(one)
    preset = ExportPreset.CIVICRM_ACTIVITIES
    rows = read(made(begin(ask, Contents(preset=preset, further=(other.petition_id,)))))

    assert [row["Subject"] for row in rows] == [ask.title, other.title]
    assert "petition" not in rows[0]


def test_sheets_of_several_petitions_are_not_made(ask: Ask) -> None:
    further = (make_ask(OTHER_SLUG).petition_id,)
    sheets = Contents(preset=ExportPreset.NAMES, format=ExportFormat.PDF, further=further)

    with pytest.raises(NoSuchFile):
        begin(ask, sheets)


def test_an_export_of_several_is_in_the_record_of_each_and_corrected_in_each(ask: Ask) -> None:
    other, third = make_ask(OTHER_SLUG), make_ask("eu-corruption-sanctions")
    gone = signed(other)[0].id
    export = begin(ask, Contents(further=(other.petition_id,)))
    made(export)
    with transaction():
        withdraw(session.get_one(Signature, gone), now())

    for one in (ask, other):
        assert [found.id for found in exports_of(one.petition_id)] == [export.id]
        assert export_of(one.petition_id, export.id) is not None
    assert exports_of(third.petition_id) == []
    assert export_of(third.petition_id, export.id) is None
    assert corrections(as_recorded(export)) == [gone]
