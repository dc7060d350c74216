"""The events: on the clocks of four capitals, in calendars, and never with the link to join."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from bs4 import BeautifulSoup
from dateutil import rrule
from icalendar import Calendar

from petition.core.memory import forget_everything
from tests.campaigns.folders import copied, load, with_event
from tests.web.public.people import Person, texts, words

VIGIL = "/en/events/a-vigil"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


def visit(person: Person, path: str = VIGIL) -> BeautifulSoup:
    forget_everything()
    return person.client.visit(path)


def entries(person: Person, path: str = "/en/events.ics") -> dict[str, object]:
    """Return the entries of a feed as a calendar reads them, by the slug of their page."""
    answer = person.client.get(path)
    assert answer.mimetype == "text/calendar"
    feed = Calendar.from_ical(answer.data)
    return {str(entry["url"]).rpartition("/")[2]: entry for entry in feed.walk("VEVENT")}


@pytest.mark.any_database
def test_a_page_shows_the_time_in_four_capitals(person: Person) -> None:
    page = visit(person, "/en/events/who-is-recognised-as-a-victim")

    assert texts(page.select(".clocks__one:not([hidden]) dt")) == [
        "Washington", "Ottawa", "London", "Brussels",
    ]  # fmt: skip
    assert texts(page.select(".clocks__one:not([hidden]) dd bdi")) == [
        "11:00 am", "11:00 am", "4:00 pm", "5:00 pm",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "clocks"),
    [
        ("2026-10-24", ["1:00 pm", "1:00 pm", "6:00 pm", "7:00 pm"]),
        ("2026-10-28", ["2:00 pm", "2:00 pm", "6:00 pm", "7:00 pm"]),
        ("2026-11-02", ["1:00 pm", "1:00 pm", "6:00 pm", "7:00 pm"]),
    ],
)
def test_the_clocks_are_right_while_only_europe_has_gone_back(
    day: str, clocks: list[str], person: Person, folder: Path
) -> None:
    load(with_event(folder, starts_at=f"{day}T18:00:00", ends_at=f"{day}T19:00:00"))

    assert texts(visit(person).select(".clocks__one:not([hidden]) dd bdi")) == clocks


@pytest.mark.parametrize(
    ("day", "hour"), [("2026-10-24", 17), ("2026-10-28", 18), ("2026-11-02", 18)]
)
def test_the_feed_has_the_right_instant_on_both_sides_of_the_clock_change(
    day: str, hour: int, person: Person, folder: Path
) -> None:
    load(with_event(folder, starts_at=f"{day}T18:00:00", ends_at=f"{day}T19:00:00"))
    entry = entries(person)["a-vigil"]

    instant = datetime.fromisoformat(f"{day}T{hour}:00:00+00:00")
    assert entry["dtstart"].dt == instant  # type: ignore[index]
    line = next(
        line
        for line in person.client.get(f"{VIGIL}.ics").text.splitlines()
        if line.startswith("DTSTART")
    )
    [read] = rrule.rrulestr(f"{line}\nRRULE:FREQ=DAILY;COUNT=1")
    assert read.astimezone(UTC) == instant


def test_a_moved_event_keeps_its_uid_and_a_cancelled_one_says_so(
    person: Person, folder: Path
) -> None:
    load(with_event(folder))
    before = entries(person, f"{VIGIL}.ics")
    load(
        with_event(
            folder,
            state='"moved"',
            moved_from="2026-11-16T18:00:00",
            starts_at="2026-12-01T18:00:00",
            ends_at="2026-12-01T19:00:00",
        )
    )
    moved = words(visit(person))
    assert "This event was moved" in moved
    assert "It was to begin on 16 November 2026 at 6:00 pm (London time)." in moved
    load(with_event(folder, state='"cancelled"'))
    after = entries(person, f"{VIGIL}.ics")

    [entry], [announced] = after.values(), before.values()
    assert entry["uid"] == announced["uid"]  # type: ignore[index]
    assert (entry["sequence"], entry["status"]) == (2, "CANCELLED")  # type: ignore[index]
    assert "This event is cancelled" in words(visit(person))


def test_whoever_has_the_feed_already_is_sent_nothing(person: Person, folder: Path) -> None:
    load(with_event(folder))
    first = person.client.get("/en/events.ics")
    again = person.client.get("/en/events.ics", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Content-Disposition"] == "inline; filename=events.ics"
    assert "max-age=300" in first.headers["Cache-Control"]


@pytest.mark.any_database
def test_a_past_event_says_so_and_offers_no_registration(
    person: Person, folder: Path, clock: time_machine.Traveller
) -> None:
    load(with_event(folder, registration_url='"https://events.example.org/vigil"'))
    page = visit(person)

    assert "This event is over" in words(page)
    assert page.select("a[href='https://events.example.org/vigil']") == []


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("minute", "is_on"),
    [("17:59:59", False), ("18:00:00", True), ("18:59:59", True), ("19:00:00", False)],
)
def test_an_event_that_goes_on_is_called_so_everywhere(
    minute: str, is_on: bool, person: Person, folder: Path, clock: time_machine.Traveller
) -> None:
    load(with_event(folder))
    clock.move_to(datetime.fromisoformat(f"2026-11-16T{minute}+00:00"))

    page, index, home = (visit(person, path) for path in (VIGIL, "/en/events/", "/en/"))
    assert ("Happening now It goes on until 7:00 pm (London time)." in words(page)) == is_on
    assert (index.select_one("#present-title") is not None) == is_on
    assert ("Happening now" in texts(index.select(".event__state"))) == is_on
    assert texts(home.select("#next-title")) == ["Happening now" if is_on else "Next event"]


def test_a_cancelled_event_never_goes_on(
    person: Person, folder: Path, clock: time_machine.Traveller
) -> None:
    load(with_event(folder, state='"cancelled"'))
    clock.move_to(datetime(2026, 11, 16, 18, 30, tzinfo=UTC))

    assert "Happening now" not in words(visit(person)) + words(visit(person, "/en/events/"))


def test_what_was_said_is_shown_once_it_has_been_said(
    person: Person, clock: time_machine.Traveller
) -> None:
    launch = "/en/events/launch-of-the-report"
    assert "What was said" in words(visit(person, launch))
    clock.move_to(datetime(2026, 11, 17, 15, tzinfo=UTC))

    assert "What was said" not in words(visit(person, launch))


@pytest.mark.any_database
def test_the_link_to_join_is_on_no_page_and_in_no_feed(person: Person, folder: Path) -> None:
    load(with_event(folder))
    forget_everything()

    for path in ("/en/", "/en/events/", VIGIL, "/en/events.ics", f"{VIGIL}.ics"):
        assert "secret-room" not in person.client.get(path).text


@pytest.mark.any_database
def test_machines_read_the_event_as_schema_org_has_it(person: Person, folder: Path) -> None:
    load(with_event(folder))
    page = visit(person)
    script = page.select_one("script[type='application/ld+json']")
    assert script is not None

    data = json.loads(script.string or "")
    assert data["@type"] == "Event"
    assert data["startDate"] == "2026-11-16T18:00:00+00:00"
    assert data["eventStatus"] == "https://schema.org/EventScheduled"


@pytest.mark.any_database
def test_an_event_takes_place_somewhere_or_is_online(person: Person, folder: Path) -> None:
    online = "Panels and launches, open to everyone who registers. All of them are online."
    assert online in words(visit(person, "/en/events/"))
    place = "Example Square, London"
    load(with_event(folder, **{"place.en": f'"{place}"', "place.fr": '"Place de l’Exemple"'}))
    listed = words(visit(person, "/en/events/"))
    page = visit(person)

    assert "All of them are online." not in listed
    assert place in listed
    assert place in words(page)
    assert "Place de l’Exemple" in words(visit(person, VIGIL.replace("/en/", "/fr/")))
    assert str(entries(person)["a-vigil"]["location"]) == place  # type: ignore[index]
    schema = json.loads(page.select_one("script[type='application/ld+json']").string)  # type: ignore[union-attr, arg-type]
    assert schema["location"] == {"@type": "Place", "name": place, "address": place}
    assert schema["eventAttendanceMode"].endswith("/OfflineEventAttendanceMode")


def test_nothing_in_a_title_ends_the_script_that_holds_it(person: Person, folder: Path) -> None:
    hostile = "</script><script>alert(1)</script>"
    load(with_event(folder))
    file = folder / "events" / "9-vigil.toml"
    file.write_text(file.read_text("utf-8").replace("A vigil", hostile), "utf-8")
    load(folder)
    script = visit(person).select_one("script[type='application/ld+json']")

    assert script is not None
    assert json.loads(script.string or "")["name"] == hostile


def test_a_date_far_away_breaks_no_page(person: Person, folder: Path) -> None:
    load(with_event(folder, starts_at="2200-12-30T18:00:00", ends_at="2200-12-30T19:00:00"))

    assert "2200" in words(visit(person))
    assert person.client.get("/en/events.ics").status_code == 200
    assert person.client.get("/en/").status_code == 200


@pytest.mark.any_database
@pytest.mark.parametrize("path", ["/en/events/nothing", "/en/events/nothing.ics", "/xx/events/"])
def test_an_event_that_is_not_there_is_a_page_that_says_so(path: str, person: Person) -> None:
    assert person.client.get(path).status_code == 404
