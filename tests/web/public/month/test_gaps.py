"""The gaps: a matrix with a dated status in each cell, and a page with the evidence of each."""

import pytest

from tests.web.public.people import Person, fresh, texts, words

GAP = "/en/gaps/eu-corruption-sanctions"


def test_the_matrix_has_each_gap_and_each_government(person: Person) -> None:
    page = person.client.visit("/en/gaps/")

    heads = [cell.get_text(" ", strip=True) for cell in page.select(".matrix thead th")]
    assert heads == ["Gap", "US", "Canada", "UK", "EU"]
    assert len(page.select(".matrix tbody tr")) == 5
    eu = page.select_one("td[data-label='European Union'] a[href$='eu-corruption-sanctions#EU']")
    assert eu is not None
    assert eu.get_text(" ", strip=True) == "Gap 22 Aug 2026"


def test_the_matrix_leads_to_the_government_on_the_page_of_the_gap(person: Person) -> None:
    index, gap = person.client.visit("/en/gaps/"), person.client.visit(GAP)
    targets = {
        str(a["href"]).partition("#")[2] for a in index.select(f".matrix td a[href^='{GAP}']")
    }

    assert targets == {str(tag["id"]) for tag in gap.select(".standing")}


def test_a_gap_shows_status_source_evidence_asks_and_what_one_can_do(person: Person) -> None:
    page = person.client.visit(GAP)

    text = words(page)
    assert "GAP-02" in text
    assert "as of 22 August 2026" in text
    assert "We ask: Adopt the framework proposed on 3 May 2023" in text
    assert page.select_one(".card a[href='/en/petitions/eu-corruption-sanctions']") is not None
    assert page.select_one("a[href='/en/events/what-corruption-sanctions-achieve']") is not None
    assert page.select_one("a[href='/en/reports/four-lists-five-gaps']") is not None
    assert len(page.select("div.footnotes li")) == 6


def test_the_log_tells_what_changed_and_why_the_newest_first(person: Person) -> None:
    page = person.client.visit(GAP)

    assert texts(page.select(".change__when")) == ["22 August 2026", "3 May 2023"]
    newest = words(page.select(".change")[0].get_text(" "))
    assert "European Union Partial → became Gap" in newest
    assert "reported as stalled" in newest


@pytest.mark.parametrize("slug", ["nothing", "eu_corruption", "eu%00", "..%2f"])
def test_a_gap_that_is_not_there_is_a_page_that_says_so(slug: str, person: Person) -> None:
    assert person.client.get(f"/en/gaps/{slug}").status_code == 404


@pytest.mark.any_database
def test_what_each_status_means_is_written_under_the_matrix_and_on_the_gap(
    person: Person,
) -> None:
    for path in ("/en/", "/en/gaps/", "/en/gaps/eu-corruption-sanctions"):
        legend = texts(fresh(person, path).select(".legend dt"))
        assert legend == ["Gap", "Partial", "Acted"]
