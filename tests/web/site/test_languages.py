"""Five languages: which one a visitor meets, how it is set, and the way to the others."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask, g

from petition.core.clock import now
from petition.core.drafts.shapes import Markdown
from petition.core.i18n import LANGUAGES
from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.outbox.messages import Message
from petition.petitions.drafts import PetitionTextDraft
from petition.petitions.publishing import publish_version
from petition.petitions.queries import petition_by_slug
from petition.web.forms.fields import country_choices
from petition.web.site.formats import long_date, long_datetime, number
from tests.factories import SLUG
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.web.public.people import Person, given, mails_to, newest_link, page_of, words

pytestmark = pytest.mark.any_database

FALLBACK = "This text is not available in English yet. It is shown in French."


def in_language(language: str, slug: str = SLUG) -> str:
    """Return the address of a petition's page in a language."""
    return f"/{language}/petitions/{slug}"


def switch(page: BeautifulSoup) -> dict[str, str]:
    """Return where the page leads to itself in other languages."""
    return {str(link["hreflang"]): str(link["href"]) for link in page.select("#languages a")}


def alternates(page: BeautifulSoup) -> dict[str, str]:
    """Return what the page tells search engines of its other languages."""
    links = page.select("link[rel=alternate]")
    return {str(link["hreflang"]): str(link["href"]) for link in links}


def signs_in(language: str, person: Person, email: str) -> Message:
    """Sign on the page of a language; return the mail that asks to confirm."""
    path = in_language(language)
    page = person.client.visit(path)
    with time_machine.travel(now() + timedelta(seconds=30)):
        answer = person.client.submit(path, page, given(email=email), form="#sign form")
    assert answer.status_code == 200
    return mails_to(email)[-1]


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ("fr", "fr"),
        ("fr-CA", "fr"),
        ("ar-EG", "ar"),
        ("fr-CA,en;q=0.8", "fr"),
        ("de-DE,de;q=0.9,ru;q=0.5,en;q=0.3", "ru"),
        ("en;q=0.2,es-MX;q=0.9", "es"),
        ("AR", "ar"),
        ("zh-Hant-TW", "en"),
        ("fr;q=0,es;q=0.1", "es"),
        ("*", "en"),
        ("", "en"),
        ("fr;q=many,;;;", "en"),
    ],
)
def test_the_visitors_wishes_choose_the_language(
    wishes: str, language: str, person: Person
) -> None:
    sent = {"Accept-Language": wishes}
    for short, full in (("/", f"/{language}/"), (f"/p/{SLUG}", in_language(language))):
        answer = person.client.get(short, headers=sent)
        assert answer.location == full
        assert answer.headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_set_in_its_language(language: str, person: Person) -> None:
    for path in (f"/{language}/", in_language(language), f"/{language}/privacy"):
        page = person.client.visit(path)
        assert page.html is not None
        assert page.html["lang"] == language
        assert page.html["dir"] == ("rtl" if language == "ar" else "ltr")
        assert switch(page).keys() == set(LANGUAGES)
        shown = page.select("#languages [aria-current]")
        assert [link["hreflang"] for link in shown] == [language]


def test_search_engines_learn_of_each_language(person: Person) -> None:
    for path, negotiated in (("/", "/"), (f"/petitions/{SLUG}", f"/p/{SLUG}"), ("/privacy", None)):
        told = alternates(person.client.visit(f"/ru{path}"))
        expected = {language: f"http://localhost/{language}{path}" for language in LANGUAGES}
        default = f"http://localhost{negotiated}" if negotiated else expected["en"]
        assert told == {**expected, "x-default": default}


def test_the_pages_behind_a_link_keep_it_in_another_language_and_tell_no_search_engine(
    person: Person,
) -> None:
    signs_in("fr", person, "ana@example.org")
    confirm = re.search(r"/fr/confirm/[\w-]+", mails_to("ana@example.org")[-1].text)
    assert confirm is not None
    page = person.client.visit(confirm[0])
    assert alternates(page) == {}
    assert switch(page)["ar"] == confirm[0].replace("/fr/", "/ar/")
    assert words(person.client.visit(switch(page)["en"])).count("Confirm my signature") == 1

    answer = person.client.submit(confirm[0], page, {})
    receipt = person.client.visit(answer.location)
    assert alternates(receipt) == {}
    assert switch(receipt)["es"] == answer.location.replace("/fr/", "/es/")
    manage = person.client.visit(switch(receipt)["es"].removesuffix("/receipt"))
    assert "Su firma" in words(manage)


def test_the_answer_to_a_form_leads_to_where_the_form_is(person: Person) -> None:
    answer = person.signs(email="ana@example.org")
    page = parse(answer.text)
    assert switch(page)["fr"] == in_language("fr")
    assert alternates(page) == {}

    link = newest_link("ana@example.org")
    declining = "form[action$='/decline']"
    gone = person.client.submit(link, person.client.visit(link), {}, form=declining)
    assert switch(parse(gone.text))["fr"] == "/fr/"


def test_an_unknown_language_gets_a_page_in_the_visitors_own(person: Person) -> None:
    for path in ("/xx/", "/de/petitions/nothing", "/nothing"):
        answer = person.client.get(path, headers={"Accept-Language": "ru-RU,ru"})
        assert answer.status_code == 404
        assert "Такой страницы нет" in answer.text
        assert answer.headers["Vary"] == "Accept-Language"
        assert answer.headers["Cache-Control"] == "no-store"
        assert switch(parse(answer.text))["fr"] == "/fr/"


@pytest.mark.parametrize("path", ["/fr/nothing", "/fr/petitions/nothing", "/fr/confirm/nothing"])
def test_an_error_below_a_language_is_in_it(path: str, person: Person) -> None:
    answer = person.client.get(path, headers={"Accept-Language": "ru"})
    page = parse(answer.text)

    assert answer.status_code == 404
    assert page.html is not None
    assert page.html["lang"] == "fr"
    assert "Ce que vous pouvez faire" in words(page)
    assert alternates(page) == {}
    assert "Vary" not in answer.headers


def test_a_form_with_errors_says_so_in_its_language(person: Person) -> None:
    path = in_language("es")
    answer = person.client.submit(path, person.client.visit(path), {}, form="#sign form")

    assert answer.status_code == 422
    assert "Escriba su nombre completo" in answer.text
    assert "Hay un problema" in answer.text


def test_the_organisers_door_is_in_english_whatever_the_browser_wishes(
    client: ReadingClient,
) -> None:
    for path, status in (("/organiser/login", 200), ("/organiser/nothing", 404)):
        answer = client.get(path, headers={"Accept-Language": "fr"})
        assert answer.status_code == status
        assert '<html lang="en" dir="ltr">' in answer.text


def test_a_text_that_is_not_there_in_the_pages_language_says_which_it_is(person: Person) -> None:
    page = person.client.visit(in_language("ru"))
    assert "Этого текста пока нет на русском языке. Язык текста: английский." in words(page)
    for element in (page.h1, page.select_one(".file__text .prose"), page.select_one(".lead")):
        assert element is not None
        assert (element["lang"], element["dir"]) == ("en", "ltr")
    campaign = person.client.visit("/es/")
    assert "Este texto aún no está disponible en español" in words(campaign)
    assert {card["lang"] for card in campaign.select(".card__title")} == {"en"}

    for path in (in_language("fr"), "/fr/", in_language("ar"), "/ar/", page_of(), "/en/"):
        assert person.client.visit(path).select(".text-language") == []


def test_a_text_in_french_alone_is_set_as_french_on_an_english_page(person: Person) -> None:
    with transaction():
        petition = petition_by_slug(SLUG)
        assert petition is not None
        publish_version(
            petition,
            {"fr": PetitionTextDraft("Un titre", "Un résumé", Markdown("Un texte"))},
            [],
            now(),
        )
    session.remove()
    forget_everything()
    page = person.client.visit(page_of())

    assert FALLBACK in words(page)
    assert page.h1 is not None
    assert page.h1["lang"] == "fr"


def test_the_question_about_mail_stays_in_the_language_of_the_text(person: Person) -> None:
    legend = person.client.visit(in_language("ru")).select_one("#organiser_mail legend span")
    assert legend is not None
    assert legend.get_text() == "May Sample Coalition e-mail you?"
    assert (legend["lang"], legend["dir"]) == ("en", "ltr")

    french = person.client.visit(in_language("fr")).select_one("#organiser_mail legend span")
    assert french is not None
    asked = "Acceptez-vous que Sample Coalition vous écrive par e-mail\u202f?"
    assert french.get_text() == asked
    assert french["lang"] == "fr"


@pytest.mark.parametrize(
    ("language", "subject", "hours"),
    [
        ("en", "Please confirm your e-mail address", "72 hours"),
        ("fr", "Veuillez confirmer votre adresse e-mail", "72 heures"),
        ("es", "Confirme su dirección de correo electrónico", "72 horas"),
        ("ar", "يُرجى تأكيد عنوان بريدك الإلكتروني", "72 ساعة"),
        ("ru", "Пожалуйста, подтвердите адрес электронной почты", "72 часов"),
    ],
)
def test_mail_comes_in_the_language_of_the_page_that_was_signed(
    language: str, subject: str, hours: str, person: Person
) -> None:
    mail = signs_in(language, person, "ana@example.org")
    page = parse(mail.html)

    assert mail.subject == subject
    assert hours in mail.text
    assert hours in page.get_text()
    assert f"http://localhost/{language}/confirm/" in mail.text
    assert page.html is not None
    assert page.html["lang"] == language
    assert page.html["dir"] == ("rtl" if language == "ar" else "ltr")
    assert ("\n  text-align: right" in mail.html) == (language == "ar")


def test_addresses_and_codes_are_typed_from_left_to_right(person: Person) -> None:
    page = person.client.visit(in_language("ar", "eu-corruption-sanctions"))

    for control in page.select("#email, #postcode"):
        assert control["dir"] == "ltr"


@pytest.mark.parametrize(
    ("language", "count", "day", "moment"),
    [
        ("en", "12,345", "5 December 2026", "5 December 2026, 17:07 UTC"),
        ("fr", "12\u202f345", "5 décembre 2026", "5 décembre 2026, 17:07 UTC"),
        ("es", "12.345", "5 de diciembre de 2026", "5 de diciembre de 2026, 17:07 UTC"),
        ("ar", "12,345", "5 ديسمبر 2026", "5 ديسمبر 2026، 17:07 UTC"),
        ("ru", "12\xa0345", "5 декабря 2026\u202fг.", "5 декабря 2026\u202fг., 17:07 UTC"),
    ],
)
def test_numbers_and_dates_follow_the_language(
    language: str, count: str, day: str, moment: str, app: Flask
) -> None:
    """In Arabic, too, with one kind of digit: the one that every Arab country reads."""
    at = datetime(2026, 12, 5, 17, 7, tzinfo=UTC)
    with app.app_context():
        g.lang = language

        assert number(12345) == count
        assert long_date(at) == day
        assert long_datetime(at) == moment


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_campaigns_own_countries_come_first_in_every_language(
    language: str, app: Flask
) -> None:
    with app.app_context():
        g.lang = language
        choices = country_choices(language)

    assert [choice.value for choice in choices[:4]] == ["", "US", "CA", "GB"]
    assert {choice.value for choice in choices[4:31]} >= {"AT", "SE", "FR"}
    assert len({choice.value for choice in choices}) == len(choices)
