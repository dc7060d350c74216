"""The questions by which an export is narrowed: what is offered, and what is asked nobody."""

from datetime import date

from petition.core.storage.database import session
from petition.exports.choice import Choice
from petition.exports.models import Export
from tests.factories import OTHER_SLUG
from tests.web.organiser.conftest import LogIn, Supporters
from tests.web.organiser.signatures.test_exports import EXPORTS, make


def test_countries_are_offered_that_somebody_has_signed_from(
    log_in: LogIn, supporters: Supporters
) -> None:
    client = log_in()
    assert client.visit(EXPORTS).select("[name=countries]") == []
    supporters.sign("Ada One")
    Supporters(OTHER_SLUG).sign("Bea Two", country="FR")
    supporters.sign("Cleo Three", country="CA", confirmed=False)

    page = client.visit(EXPORTS)
    labels = [label.get_text() for label in page.select("#countries label")]
    assert labels == ["France", "United Kingdom"]
    assert page.select("details[open]") == []


def test_languages_and_the_other_petitions_are_offered_by_their_names(
    log_in: LogIn, supporters: Supporters
) -> None:
    page = log_in().visit(EXPORTS)

    labels = [label.get_text() for label in page.select("#languages label")]
    assert labels == ["Arabic", "English", "French", "Russian", "Spanish"]
    petitions = [str(one["value"]) for one in page.select("[name=petitions]")]
    assert OTHER_SLUG in petitions
    assert EXPORTS.split("/")[3] not in petitions


def test_what_was_answered_is_on_the_record_and_made_anew(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    days = {"first_day": "2026-11-01", "last_day": "2026-11-16"}
    page = make(client, countries="GB", languages="fr", **days, sources="Poster, newsletter-nov")
    client.submit(page, client.visit(page), {}, form="form[action$='/anew']")

    sources = "newsletter-nov", "poster"
    choice = Choice(("GB",), date(2026, 11, 1), date(2026, 11, 16), ("fr",), sources)
    assert [export.choice for export in session.query(Export)] == [choice, choice]
    words = (
        "Those that count, United Kingdom, 1–16 Nov 2026, in French, "
        "from “newsletter-nov” or “poster”"
    )
    assert words in client.visit(EXPORTS).get_text()
    assert words in client.visit(page).get_text()
