"""The answer to a wrong form is the page as it is at that moment, whoever has asked just before."""

from datetime import timedelta

import time_machine

from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.petitions.publishing import publish_version
from petition.petitions.queries import petition_by_slug
from tests.factories import SLUG
from tests.grounds.pages import parse
from tests.web.public.people import Person, given, page_of, words
from tests.web.public.petitions.test_reading import NEW_WORDS, change

FORM = "#sign form[method=post]"
TO_TYPE = timedelta(seconds=30)


def test_it_shows_the_text_that_is_signed_with_it(
    person: Person, clock: time_machine.Traveller
) -> None:
    opened = person.client.visit(page_of())
    clock.shift(TO_TYPE)
    person.client.submit(page_of(), opened, given(email="no"), form=FORM)
    petition = petition_by_slug(SLUG)
    assert petition is not None
    with transaction():
        publish_version(petition, NEW_WORDS, [], now())
    session.remove()
    forget_everything()
    answer = person.client.submit(page_of(), opened, given(email="neither"), form=FORM)

    assert answer.status_code == 422
    assert parse(answer.text).select_one("h1").get_text() == "A new title"  # type: ignore[union-attr]


def test_it_says_that_the_petition_has_closed_meanwhile(
    person: Person, clock: time_machine.Traveller
) -> None:
    opened = person.client.visit(page_of())
    clock.shift(TO_TYPE)
    person.client.submit(page_of(), opened, given(email="no"), form=FORM)
    change(closes_on=(now() - timedelta(days=1)).date())
    session.remove()
    forget_everything()
    answer = person.client.submit(page_of(), opened, given(), form=FORM)

    assert answer.status_code == 409
    assert "This petition is closed" in words(parse(answer.text))


def test_what_one_person_typed_the_next_does_not_see(
    person: Person, clock: time_machine.Traveller
) -> None:
    opened = person.client.visit(page_of())
    clock.shift(TO_TYPE)
    first = person.client.submit(page_of(), opened, given(name="Ada One", email="no"), form=FORM)
    other = person.client.submit(page_of(), opened, given(name="Ben Two", email="no"), form=FORM)

    assert "Ada One" in first.text
    assert "Ada One" not in other.text
    assert "Ben Two" in other.text
