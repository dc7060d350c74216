"""From which source somebody came: named by the address of the page, and noted once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update
from werkzeug.test import TestResponse

from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage.database import transaction
from petition.petitions.models import Petition
from petition.signatures.models import Signature
from tests.factories import SLUG, newest_signature, rows
from tests.grounds.client import path_of
from tests.grounds.pages import parse
from tests.web.public.people import Person, given, page_of, without_tokens

FORM = "#sign form[method=post]"
BY_MAIL = f"{page_of()}?source=newsletter-nov"


def signs(person: Person, path: str = BY_MAIL, **changes: str) -> TestResponse:
    """Open a page by its address, and send the form that stands on it."""
    forget_everything()
    page = person.client.visit(path)
    with time_machine.travel(now() + timedelta(seconds=30)):
        return person.client.submit(path, page, given(**changes), form=FORM)


@pytest.mark.parametrize("path", [BY_MAIL, f"/en/embed/{SLUG}/sign?source=newsletter-nov"])
def test_a_source_goes_with_the_form_and_through_its_errors(path: str, person: Person) -> None:
    with transaction() as writing:
        writing.execute(update(Petition).values(embed_origins=["https://example.org"]))
    wrong = signs(person, path, name="1234")
    answer = person.client.submit(path, parse(wrong.text), given(), form=FORM)

    assert (wrong.status_code, answer.status_code) == (422, 200)
    assert newest_signature().source == "newsletter-nov"


def test_a_corrected_address_comes_from_the_same_source(person: Person) -> None:
    correct, _again = parse(signs(person).text).select("form[method=post]")
    person.client.submit(BY_MAIL, parse(str(correct)), {"email": "nadia@example.org"})

    assert newest_signature().opened().email == "nadia@example.org"
    assert newest_signature().source == "newsletter-nov"


def test_the_page_and_the_answers_are_the_same_whatever_an_address_names(person: Person) -> None:
    typed = given()
    answers = [
        signs(person, path, **typed) for path in (page_of(), BY_MAIL, f"{page_of()}?source=poster")
    ]
    pages = [person.client.get(path) for path in (page_of(), BY_MAIL)]

    for some in (answers, pages):
        assert len({without_tokens(one.text) for one in some}) == 1
        assert len({tuple(sorted(one.headers.items())) for one in some}) == 1


def test_whoever_signs_again_came_from_where_they_came_first(person: Person) -> None:
    typed = given()
    signs(person, **typed)
    signs(person, f"{page_of()}?source=poster", **typed)
    person.confirms(typed["email"])
    assert (rows(Signature), newest_signature().source) == (1, "newsletter-nov")

    signs(person, f"{page_of()}?source=poster", **typed)
    assert newest_signature().source == "newsletter-nov"


def test_a_person_takes_the_place_of_a_program_with_their_own_source(person: Person) -> None:
    typed = given()
    signs(person, **typed, website="http://example.org")
    assert newest_signature().source == "newsletter-nov"
    signs(person, page_of(), **typed)

    assert (rows(Signature), newest_signature().source) == (1, None)


@pytest.mark.parametrize("query", ["source=Nadia%20Sample", "source=", "source=" + "x" * 33, "s=a"])
def test_what_is_no_source_is_ignored(query: str, person: Person) -> None:
    assert signs(person, f"{page_of()}?{query}").status_code == 200
    assert newest_signature().source is None


def test_the_short_link_keeps_a_source_and_nothing_else(person: Person) -> None:
    found = {
        query: path_of(person.client.get(f"/p/{SLUG}?{query}").headers["Location"])
        for query in ("source=poster&name=nadia", "source=Nadia%0d%0a", "")
    }

    assert list(found.values()) == [f"{page_of()}?source=poster", page_of(), page_of()]


def test_whoever_has_signed_reads_from_which_source(person: Person) -> None:
    typed = given()
    signs(person, **typed)
    receipt = person.confirms(typed["email"])

    page = person.client.visit(receipt.removesuffix("/receipt"))
    assert "Source named by the link you came by newsletter-nov" in page.get_text(" ", strip=True)
