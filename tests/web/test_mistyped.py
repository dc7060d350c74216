"""Addresses that are nearly right lead to the page that was meant, and only those."""

import pytest

from tests.factories import SLUG
from tests.web.public.people import Person, newest_link, page_of

pytestmark = pytest.mark.any_database

SHOUTED = SLUG.upper()


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/en/privacy/", "/en/privacy"),
        ("/EN/privacy", "/en/privacy"),
        ("/En/Privacy/", "/en/privacy"),
        ("/EN", "/en/"),
        ("/AR/gaps", "/ar/gaps/"),
        (f"/en/petitions/{SLUG}/", page_of()),
        (f"/en/petitions/{SHOUTED}", page_of()),
        (f"/EN/PETITIONS/{SHOUTED}/", page_of()),
        (f"/p/{SHOUTED}", f"/p/{SLUG}"),
        (f"/P/{SLUG}/", f"/p/{SLUG}"),
        (f"/en/petitions/{SLUG}/sheet.pdf/?paper=letter", f"{page_of()}/sheet.pdf?paper=letter"),
        ("/en/reports/four-lists-five-gaps/for/EU", "/en/reports/four-lists-five-gaps/for/eu"),
    ],
)
def test_a_slip_is_put_right_for_good(path: str, target: str, person: Person) -> None:
    answer = person.client.get(path)

    assert (answer.status_code, answer.location) == (308, target)
    assert "Set-Cookie" not in answer.headers
    assert person.client.get(target).status_code in {200, 302}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/privacy", "/fr/privacy"),
        ("/Privacy/", "/fr/privacy"),
        ("/gaps", "/fr/gaps/"),
        ("/events.ics", "/fr/events.ics"),
        (f"/petitions/{SLUG}", f"/fr/petitions/{SLUG}"),
        ("/petitions/", "/fr/#petitions"),
        ("/letters", "/fr/#letters"),
    ],
)
def test_without_a_language_the_visitors_own_is_found(
    path: str, target: str, person: Person
) -> None:
    answer = person.client.get(path, headers={"Accept-Language": "fr"})

    assert (answer.status_code, answer.location) == (302, target)
    assert answer.headers["Vary"] == "Accept-Language"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/en/petitions/", "/en/petitions", "/EN/Petitions/"])
def test_the_list_of_petitions_is_on_the_page_of_the_campaign(path: str, person: Person) -> None:
    answer = person.client.get(path)

    assert (answer.status_code, answer.location) == (302, "/en/#petitions")


def test_a_link_from_a_mail_keeps_its_capitals(person: Person) -> None:
    person.signs(email="nadia@example.org")
    link = newest_link("nadia@example.org")

    assert person.client.get(f"{link}/").location == link
    assert person.client.get(link.replace("/en/", "/EN/")).location == link
    assert person.client.get(link.replace("confirm", "CONFIRM")).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/xx/", "/xx/privacy", "/de/gaps/", "/en/nothing", "/nothing", "/en/en/privacy", "/x/p/y"],
)
def test_what_nobody_can_have_meant_is_no_page(path: str, person: Person) -> None:
    person.client.visit(path, status=404)


def test_the_organisers_addresses_are_left_alone(person: Person) -> None:
    assert person.client.get("/organiser/LOGIN").status_code == 404
    assert person.client.get("/en/organiser/login").status_code == 404


def test_only_reading_is_led_on(person: Person) -> None:
    assert person.client.post("/en/privacy/").status_code == 404
    assert person.client.head("/en/privacy/").status_code == 308
