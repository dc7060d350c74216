"""Signatures by week and by country: right sums, nobody singled out, a table for each drawing."""

from datetime import date, timedelta

import time_machine
from bs4 import BeautifulSoup

from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.petitions.queries import petition_by_slug
from petition.signatures.models import CountryTally, HourTally
from petition.signatures.queries import WeekCount, tallied_by_country, tallied_by_week
from petition.signatures.removals import withdraw
from petition.web.drawings.charts import Datum, bars, columns, round_top
from tests.factories import NOON, SLUG, newest_signature, take_in_all
from tests.web.public.people import Person, page_of, texts, words

NUMBERS = f"{page_of()}/numbers"
MONDAY = date(2026, 11, 16)


def petition_id() -> int:
    found = petition_by_slug(SLUG)
    assert found is not None
    return found.id


def fresh(person: Person, path: str = NUMBERS) -> BeautifulSoup:
    forget_everything()
    return person.client.visit(path)


def count(**countries: int) -> None:
    """Write a tally as a crowd would leave it."""
    with transaction():
        for country, number in countries.items():
            row = CountryTally(petition_id=petition_id(), country=country, count=number)
            session.merge(row)
        total = sum(countries.values())
        session.merge(HourTally(petition_id=petition_id(), hour=NOON, count=total))


def test_a_petition_that_nobody_signed_says_so_and_draws_nothing(person: Person) -> None:
    page = fresh(person)

    assert "Nobody has signed yet. Be the first." in words(page)
    assert page.select(".chart") == []
    assert page.select(".progress__more") == []
    assert fresh(person, page_of()).select(".progress__number, .progress__more") == []


def test_a_signature_appears_in_its_week_and_the_petition_leads_there(person: Person) -> None:
    person.has_signed(country="GB")

    link = fresh(person, page_of()).select_one(".progress__more a")
    assert link is not None
    assert link["href"] == NUMBERS
    page = fresh(person)
    assert "1 person has signed." in words(page)
    rows = texts(page.select(".chart tbody tr"))
    assert rows == ["16 November 2026 1"]


def test_while_no_country_has_enough_signatures_the_page_says_from_when_on(person: Person) -> None:
    person.has_signed(country="GB")
    page = words(fresh(person))

    assert "Countries are shown from 10 signatures on, so that nobody is singled out." in page
    assert "United Kingdom" not in page


def test_weeks_begin_on_monday_in_utc_and_none_is_left_out(
    person: Person, clock: time_machine.Traveller
) -> None:
    person.has_signed()  # Friday
    clock.move_to(NOON + timedelta(days=2, hours=11, minutes=50))  # Sunday, ten minutes left
    person.has_signed()
    clock.shift(timedelta(minutes=15))
    person.has_signed()
    clock.shift(timedelta(days=14))
    person.has_signed()

    week = timedelta(days=7)
    assert tallied_by_week(petition_id()) == [
        WeekCount(MONDAY, 2),
        WeekCount(MONDAY + week, 1),
        WeekCount(MONDAY + 2 * week, 0),
        WeekCount(MONDAY + 3 * week, 1),
    ]


def test_a_signature_that_is_withdrawn_leaves_its_week_and_country(person: Person) -> None:
    person.has_signed()
    with transaction() as writing:
        withdraw(writing.merge(newest_signature()), NOON)
    take_in_all()

    assert tallied_by_week(petition_id()) == []
    assert tallied_by_country(petition_id()).others == 0
    assert "Nobody has signed yet" in words(fresh(person))


def test_a_country_with_few_signatures_is_not_named(person: Person) -> None:
    count(GB=12, CA=10, RU=9, BY=1)
    found = tallied_by_country(petition_id())
    assert found.named == [("GB", 10), ("CA", 10)]
    assert found.others == 10
    page = words(fresh(person))

    assert "United Kingdom 10" in page
    assert "Canada 10" in page
    assert "Other countries 10" in page
    assert "Russia" not in page
    assert "Belarus" not in page


def test_the_drawings_are_hidden_from_ears_and_their_numbers_are_in_tables(person: Person) -> None:
    count(GB=1_200, CA=10)
    page = fresh(person)

    drawings = page.select(".chart svg")
    assert len(drawings) == 3
    assert all(
        svg.find_parent(attrs={"aria-hidden": "true"}) or svg.get("aria-hidden") == "true"
        for svg in drawings
    )
    assert len(page.select(".chart table caption")) == 2
    assert "1,200" in words(page)


def test_the_numbers_of_a_petition_that_is_not_there_are_not_found(person: Person) -> None:
    person.client.visit("/en/petitions/nothing/numbers", status=404)


def test_the_top_of_a_chart_is_a_round_number() -> None:
    assert [round_top(value) for value in (1, 2, 3, 9, 11, 20, 21, 640, 999_999)] == [
        1, 2, 5, 10, 20, 20, 50, 1000, 1_000_000,
    ]  # fmt: skip


def test_columns_stand_on_the_line_and_side_by_side() -> None:
    chart = columns([Datum("a", 5), Datum("b", 0), Datum("c", 10)])

    assert chart.top == 10
    assert chart.half == 5
    assert [mark.y + mark.height for mark in chart.marks] == [chart.height] * 3
    assert [mark.height for mark in chart.marks] == [50, 0, 100]
    for before, after in zip(chart.marks, chart.marks[1:], strict=False):
        assert before.x + before.width < after.x
    assert chart.marks[-1].x + chart.marks[-1].width <= chart.width


def test_the_longest_bar_fills_the_room() -> None:
    chart = bars([Datum("a", 8), Datum("b", 2)])

    assert [mark.width for mark in chart.marks] == [chart.width, chart.width / 4]
