"""Looking at an export before it is made, and changing one's mind."""

from collections.abc import Sequence

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from petition.audit.acts import Act
from petition.audit.models import Actor
from petition.core.storage.database import session
from petition.exports.models import Export
from petition.organisers.models import Role
from tests.audit.reading import noted
from tests.factories import OTHER_SLUG, rows
from tests.grounds.client import ReadingClient
from tests.grounds.exporting import work_off
from tests.grounds.pages import parse
from tests.web.organiser.conftest import SLUG, LogIn, Supporters
from tests.web.organiser.signatures.test_exports import EXPORTS, take

PREVIEW = f"{EXPORTS}/preview"
WHY = "For the embassy of Nowhere"


def look(client: ReadingClient, **values: str | Sequence[str]) -> TestResponse:
    """Press the second button of the form."""
    page = client.visit(EXPORTS)
    form, button = page.select_one("form.desk__form"), page.select_one(f"[formaction='{PREVIEW}']")
    assert form is not None
    assert button is not None
    form["action"] = button["formaction"]
    return client.submit(EXPORTS, page, {"why": WHY, **values}, form="form.desk__form")


def go_on(client: ReadingClient, page: BeautifulSoup) -> str:
    """Press the button to make the file; return where that leads."""
    answer = client.submit(PREVIEW, page, {}, form=f"main form[action='{EXPORTS}']")
    assert answer.status_code == 303
    return str(answer.location)


def rows_in(page: BeautifulSoup) -> list[list[str]]:
    return [[c.get_text(strip=True) for c in row.select("td")] for row in page.select("tbody tr")]


def test_what_was_looked_at_is_what_is_made(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One")
    supporters.sign("Bea Two", country="FR")
    client = log_in()
    page = parse(look(client, countries=["FR", "CA"], preset="names").text)

    assert "1 row" in page.get_text()
    assert rows_in(page) == [["1", "Bea Two", "FR"]]
    assert "Those that count, Canada or France" in page.get_text()
    assert rows(Export) == 0
    made = go_on(client, page)
    work_off()
    export = session.query(Export).one()
    assert (export.why, export.choice.countries, export.row_count) == (WHY, ("CA", "FR"), 1)
    record = client.visit(EXPORTS).get_text(" ")
    assert "Those that count, Canada or France" in record
    text = take(client, made, follow_redirects=True).get_data().decode("utf-8-sig")
    assert text == "number,name,country\r\n1,Bea Two,FR\r\n"


def test_what_it_is_for_is_asked_only_where_it_is_made(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    page = parse(look(client, why="", preset="names").text)
    assert rows_in(page) == [["1", "Ada One", "GB"]]
    form = f"main form[action='{EXPORTS}']"
    refused = client.submit(PREVIEW, page, {}, form=form)

    assert refused.status_code == 422
    assert "Say what you need the file for" in refused.text
    assert parse(refused.text).select("[name=preset][value=names][checked]")
    assert client.submit(PREVIEW, page, {"why": WHY}, form=form).status_code == 303
    assert session.query(Export).one().why == WHY


def test_names_are_shown_to_who_may_read_them_and_that_is_noted(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One", reason="My brother")
    seen = look(log_in(Role.OWNER)).text
    assert "Ada One" in seen
    assert "My brother" in seen
    read = (Act.NAMES_READ, Actor.ORGANISER, 1, {"petition": SLUG, "rows": 1})
    assert noted() == [read]

    hidden = look(log_in(Role.EXPORTER)).text
    assert "Ada One" not in hidden
    assert "ada.one" not in hidden
    assert "My brother" not in hidden
    assert "are hidden here" in hidden
    assert noted() == [read]


def test_one_may_change_it_and_all_that_was_answered_is_still_there(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    given = {
        "preset": "names",
        "format": "jsonl",
        "countries": ["GB"],
        "languages": ["en", "fr"],
        "first_day": "2026-11-01",
        "last_day": "2199-12-31",
        "petitions": [OTHER_SLUG],
    }
    page = parse(look(client, **given).text)
    form = page.select_one(f"main form[action='{EXPORTS}']")
    assert form is not None
    form["action"] = f"{EXPORTS}/change"
    again = parse(client.submit(PREVIEW, page, {}, form="main form[action$=change]").text)

    assert again.select_one("textarea[name=why]").get_text(strip=True) == WHY  # type: ignore[union-attr]
    chosen = [(str(c["name"]), str(c["value"])) for c in again.select("main [checked]")]
    assert {name: [v for n, v in chosen if n == name] for name, _ in chosen} == {
        "preset": ["names"],
        "scope": ["confirmed"],
        "format": ["jsonl"],
        "split": ["whole"],
        "countries": ["GB"],
        "languages": ["en", "fr"],
        "petitions": [OTHER_SLUG],
    }
    days = again.select("input[type=date]")
    assert [day["value"] for day in days] == ["2026-11-01", "2199-12-31"]
    opened = [fold.summary.get_text() for fold in again.select("details[open]")]  # type: ignore[union-attr]
    assert opened[0].startswith("Only some of them")
    assert opened[1].startswith("Several petitions")


def test_where_nobody_is_like_that_it_says_so(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One")
    page = parse(look(log_in(), languages=["ar"]).text)

    assert "0 rows" in page.get_text()
    assert "No signature is like this." in page.get_text()
    assert noted() == []


def test_several_petitions_are_in_one_file_and_its_name_says_so(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    Supporters(OTHER_SLUG).sign("Ada One")
    client = log_in()
    page = parse(look(client, petitions=[OTHER_SLUG]).text)

    assert [row[-1] for row in rows_in(page)] == [SLUG, OTHER_SLUG]
    assert noted()[-1][3] == {"petition": f"{SLUG}, {OTHER_SLUG}", "rows": 2}
    made = go_on(client, page)
    work_off()
    answer = take(client, made, follow_redirects=True)
    assert f"{SLUG}-and-1-more-signatures-" in answer.headers["Content-Disposition"]
    elsewhere = f"/organiser/petitions/{OTHER_SLUG}/exports"
    assert "with 1 further petition" in client.visit(elsewhere).get_text()
    client.visit(made.replace(SLUG, OTHER_SLUG))


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"why": "x" * 401}, "Use at most 400 characters"),
        ({"countries": ["GB", "XX"]}, "Choose from the list"),
        ({"languages": ["klingon"]}, "Choose from the list"),
        ({"petitions": ["no-such-petition"]}, "Choose from the list"),
        ({"petitions": [SLUG]}, "Choose from the list"),
        ({"first_day": "2026-11-02", "last_day": "2026-11-01"}, "The last day is before the first"),
        ({"first_day": "1900-01-01"}, "Enter a day"),
        ({"last_day": "31/11/2026"}, "Enter a day"),
        ({"preset": "brevo", "format": "jsonl"}, "Brevo"),
        (
            {"preset": "names", "format": "pdf", "petitions": [OTHER_SLUG]},
            "Sheets in PDF are of one petition",
        ),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(
    log_in: LogIn, supporters: Supporters, values: dict[str, str | list[str]], words: str
) -> None:
    supporters.sign("Ada One")
    answer = look(log_in(), **values)

    assert answer.status_code == 422
    page = parse(answer.text)
    assert words in page.select_one(".error-summary").get_text()  # type: ignore[union-attr]
    wrong = page.select_one(".field__error")
    assert wrong is not None
    assert words in wrong.get_text()
    assert all(fold.has_attr("open") for fold in wrong.find_parents("details"))


def test_three_hundred_countries_are_no_fault(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One")

    answer = look(log_in(), countries=["GB"] * 10_000)
    assert answer.status_code == 200
    assert "Those that count, United Kingdom" in answer.text
