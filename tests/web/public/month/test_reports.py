"""The reports: nothing before the embargo ends, to the minute; then page, file and one-pagers."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from petition.core.memory import forget_everything
from tests.factories import SAMPLE
from tests.web.public.people import Person, words

REPORT = "/en/reports/four-lists-five-gaps"
FILE = f"{REPORT}/files/four-lists-five-gaps.en.pdf"
OUT = datetime(2026, 11, 17, 15, tzinfo=UTC)
ADDRESSES = (REPORT, FILE, f"{REPORT}/for/us")


@pytest.mark.parametrize("path", ADDRESSES)
def test_before_the_embargo_ends_nothing_is_there(
    path: str, person: Person, clock: time_machine.Traveller
) -> None:
    clock.move_to(OUT - timedelta(minutes=1))
    forget_everything()
    assert person.client.get(path).status_code == 404
    for page in ("/en/", "/en/reports/", "/en/gaps/eu-corruption-sanctions"):
        assert "Four lists, five gaps" not in person.client.get(page).text

    clock.move_to(OUT)
    forget_everything()
    assert person.client.get(path).status_code == 200
    assert "Four lists, five gaps" in person.client.get("/en/").text


def test_the_page_has_summary_file_one_pagers_gaps_and_citation(person: Person) -> None:
    page = person.client.visit(REPORT)

    assert page.select_one(f"a[href='{FILE}']") is not None
    assert len(page.select("a[href*='/for/']")) == 4
    assert len(page.select("a[href^='/en/gaps/']")) >= 5
    [citation] = [cited.get_text() for cited in page.select(".citation")]
    assert citation.startswith(
        "Sample Coalition, Example Rights Forum, “Four lists, five gaps”, 2026"
    )
    assert citation.endswith(REPORT)


def test_the_file_comes_whole_and_with_its_name(person: Person) -> None:
    answer = person.client.get(FILE)

    original = (SAMPLE / "reports" / "four-lists-five-gaps.en.pdf").read_bytes()
    assert hashlib.sha256(answer.data).digest() == hashlib.sha256(original).digest()
    assert answer.mimetype == "application/pdf"
    assert "four-lists-five-gaps.en.pdf" in answer.headers["Content-Disposition"]


def test_whoever_has_the_file_is_sent_nothing(person: Person) -> None:
    etag = person.client.get(FILE).headers["ETag"]
    answer = person.client.get(FILE, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


def test_a_one_pager_is_for_one_government(person: Person) -> None:
    page = words(person.client.visit(f"{REPORT}/for/ca"))

    assert "Canada" in page
    assert "Governor in Council" in page
    assert "Executive Order" not in page


@pytest.mark.any_database
def test_a_one_pager_leads_on_and_is_cited_by_its_own_address(person: Person) -> None:
    page = person.client.visit(f"{REPORT}/for/ca")

    leads = [str(link["href"]) for link in page.select("main a")]
    assert [code for code in ("us", "ca", "gb", "eu") if f"{REPORT}/for/{code}" in leads] == [
        "us", "gb", "eu",
    ]  # fmt: skip
    assert REPORT in leads
    assert sum(path.startswith("/en/gaps/") for path in leads) == 5
    [citation] = [cited.get_text() for cited in page.select(".citation")]
    assert "“Four lists, five gaps: Canada”" in citation
    assert citation.endswith(f"{REPORT}/for/ca")


@pytest.mark.any_database
@pytest.mark.parametrize("code", ["us", "ca", "gb", "eu"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_one_pager_of_the_sample_names_its_sources(
    code: str, lang: str, person: Person
) -> None:
    page = person.client.visit(f"/{lang}/reports/four-lists-five-gaps/for/{code}")

    assert page.select(".footnotes li") != []
    assert page.select(".text-language") == []


@pytest.mark.any_database
def test_a_one_pager_in_another_language_than_the_page_says_so(person: Person) -> None:
    page = person.client.visit("/es/reports/four-lists-five-gaps/for/ca")

    assert len(page.select(".text-language")) == 1
    assert page.select_one(".prose[lang=en]") is not None


@pytest.mark.any_database
@pytest.mark.parametrize(
    "path",
    [
        "/en/reports/nothing",
        f"{REPORT}/files/nothing.pdf",
        f"{REPORT}/files/..%2Fbrief-us.en.md",
        f"{REPORT}/for/fr",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(path: str, person: Person) -> None:
    assert person.client.get(path).status_code == 404
