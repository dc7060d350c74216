"""The page on which owners and auditors read who did what."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import text

from petition.audit.acts import Act
from petition.audit.noting import (
    FAILURES_AN_HOUR,
    ITSELF,
    TERMINAL,
    By,
    note,
    note_failure,
    organiser,
)
from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers.models import Role
from tests.audit.guards import past_the_guards
from tests.grounds.client import ReadingClient
from tests.web.organiser.conftest import LogIn

PAGE = "/organiser/audit"
AT = datetime(2026, 11, 16, 12, 0, 30, tzinfo=UTC)


@pytest.fixture
def auditor(log_in: LogIn) -> ReadingClient:
    """The first organiser is an owner, the second an auditor at work."""
    log_in(Role.OWNER)
    return log_in(Role.AUDITOR)


def write(act: Act, by: By, *, hours: float = 0, **about: str | int) -> None:
    with transaction():
        note(act, by, AT + timedelta(hours=hours), **about)


def lines(page: BeautifulSoup) -> list[list[str]]:
    """Return the cells of each entry that is shown."""
    rows = page.select("section:has(#log) tbody tr")
    found = [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("td, th")] for row in rows
    ]
    return [line for line in found if line[2] != "Began this log"]


def test_a_log_that_has_just_begun_holds_nothing_else(auditor: ReadingClient) -> None:
    page = auditor.visit(PAGE)

    assert lines(page) == []
    assert "Nobody has read names in the last seven days" in page.get_text()


def test_files_and_packs_are_told_of_in_the_words_of_their_pages(auditor: ReadingClient) -> None:
    made = {"scope": "everything", "preset": "mailing_list", "format": "xlsx"}
    with transaction():
        note(Act.EXPORT_MADE, organiser(1), AT, export=3, **made)
    write(Act.PACK_ASKED_FOR, organiser(1), hours=1, delivery=1, pack=2, tier="names")
    write(Act.EXPORT_MADE, organiser(1), hours=2, export=4, preset="of a newer version")
    newer, pack, file = lines(auditor.visit(PAGE))

    assert file[2:] == [
        "Had a file of signatures made",
        "File: 3 · Which signatures: Everything · For whom: Mailing list · Format: Excel (XLSX)",
    ]
    assert pack[3].endswith("What the recipient gets to know: Names and countries")
    assert newer[3] == "File: 4 · For whom: of a newer version"


def test_each_entry_says_when_who_what_and_about_what(auditor: ReadingClient) -> None:
    write(Act.NAMES_READ, organiser(1), petition="a-petition", rows=50)
    write(Act.RESET, TERMINAL, hours=1, organiser=2)
    with transaction():
        note_failure(Act.LOGIN_FAILED, 1, AT + timedelta(hours=2))
        note_failure(Act.LOGIN_FAILED, None, AT + timedelta(hours=3))
    write(Act.KEYS_ROTATED, ITSELF, hours=4)

    assert lines(auditor.visit(PAGE)) == [
        ["2026-11-16 16:00:30", "The program", "Made a new key", ""],
        ["2026-11-16 15:00:30", "Somebody not logged in", "Gave a wrong address or password", ""],
        ["2026-11-16 14:00:30", "Somebody, in the name of Olive Owner",
         "Gave a wrong address or password", ""],
        ["2026-11-16 13:00:30", "The terminal", "Made a link for a new password",
         "Organiser: Audra Auditor"],
        ["2026-11-16 12:00:30", "Olive Owner", "Read a page of names",
         "Petition: a-petition · How many: 50"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("who=1", [3, 0]),
        ("who=terminal", [1]),
        ("act=names_read", [2, 0]),
        ("act=names_read&who=1", [0]),
        ("since=2026-11-17", [3, 2]),
        ("until=2026-11-16", [1, 0]),
        ("since=2026-11-17&until=2026-11-17", [2]),
        ("who=somebody", []),
    ],
)
def test_filters_choose_who_what_and_when(
    auditor: ReadingClient, asked: str, found: list[int]
) -> None:
    write(Act.NAMES_READ, organiser(1), petition="0")
    write(Act.RECIPIENTS_EXPORTED, TERMINAL, hours=11.99, petition="1")
    write(Act.NAMES_READ, organiser(2), hours=12, petition="2")
    write(Act.LOGGED_OUT, organiser(1), hours=36, petition="3")
    page = auditor.visit(f"{PAGE}?{asked}")

    assert [line[3] for line in lines(page)] == [f"Petition: {number}" for number in found]
    assert ("Nothing in the log is like this" in page.get_text()) == (not found)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("who=99", "Choose from the list"),
        ("who=organiser", "Choose from the list"),
        ("act=stole", "Choose from the list"),
        ("since=yesterday", "Enter a day, like 2026-11-24"),
        ("until=0001-01-01", "Enter a day, like 2026-11-24"),
        ("since=2026-11-17&until=2026-11-16", "The last day is before the first"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(
    auditor: ReadingClient, asked: str, words: str
) -> None:
    page = auditor.visit(f"{PAGE}?{asked}", status=422)

    assert words in page.select_one(".error-summary").get_text()  # type: ignore[union-attr]


def test_pages_lead_forth_and_back_and_keep_their_filters(auditor: ReadingClient) -> None:
    for number in range(70):
        write(Act.NAMES_READ, organiser(1), petition=f"p{number}")
    first = auditor.visit(f"{PAGE}?who=1")
    second = auditor.visit(str(first.select_one("a[rel=next]")["href"]))  # type: ignore[index]
    back = auditor.visit(str(second.select_one("a[rel=prev]")["href"]))  # type: ignore[index]

    assert [len(lines(page)) for page in (first, second)] == [50, 20]
    assert lines(back) == lines(first)


def test_each_organisers_pages_of_names_are_counted_day_by_day(log_in: LogIn) -> None:
    with time_machine.travel(AT + timedelta(days=1), tick=False):
        auditor = log_in(Role.AUDITOR)
        for hours in (-200, 0, 1, 2, 13):
            write(Act.NAMES_READ, organiser(1), hours=hours)
        write(Act.SEARCHED, organiser(1))
        page = auditor.visit(PAGE)
        cells = page.select("section:has(#readers) tbody td")
        assert [cell.get_text() for cell in cells] == ["0", "0", "0", "0", "0", "3", "1"]
        day = auditor.visit(str(cells[5].select("a")[0]["href"]))

    assert len(lines(day)) == 3


def test_what_does_not_open_costs_its_own_row(auditor: ReadingClient) -> None:
    write(Act.NAMES_READ, organiser(1), petition="p")
    write(Act.LOGGED_OUT, organiser(1), hours=1)
    with past_the_guards() as writing:
        writing.execute(text("UPDATE audit_entry SET about_key = 'gone' WHERE about IS NOT NULL"))

    assert [line[3] for line in lines(auditor.visit(PAGE))] == ["", "This does not open"]


def test_a_log_that_was_changed_from_outside_says_so_on_top(auditor: ReadingClient) -> None:
    write(Act.NAMES_READ, organiser(1))
    assert auditor.visit(PAGE).select(".notice--error") == []
    with past_the_guards() as writing:
        writing.execute(text("DELETE FROM audit_entry"))
    write(Act.LOGGED_OUT, organiser(1))

    notice = auditor.visit(PAGE).select_one(".notice--error")
    assert notice is not None
    assert "Entries may be missing" in notice.get_text()


def test_a_login_at_which_passwords_are_tried_without_end_is_named(auditor: ReadingClient) -> None:
    for _ in range(FAILURES_AN_HOUR - 1):
        with transaction():
            note_failure(Act.LOGIN_FAILED, 1, now())
            note_failure(Act.LOGIN_FAILED, None, now())
    assert auditor.visit(PAGE).select(".notice--warning") == []
    with transaction():
        note_failure(Act.LOGIN_FAILED, 1, now())
        note_failure(Act.LOGIN_FAILED, None, now())

    words = auditor.visit(PAGE).select_one(".notice--warning").get_text(" ")  # type: ignore[union-attr]
    assert "Olive Owner" in words
    assert "organisers reset ADDRESS" in words
