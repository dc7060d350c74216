"""The answer to a wrong form is the page as it is at that moment, whoever has asked just before."""

from datetime import timedelta

import time_machine

from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage.database import session, transaction
from petition.petitions.publishing import publish_version
from petition.petitions.queries import petition_by_slug
from petition.web.keeping import slots
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


def test_each_sees_what_they_chose_themselves_and_none_of_it_is_kept(
    person: Person, clock: time_machine.Traveller
) -> None:
    opened = person.client.visit(page_of())
    clock.shift(TO_TYPE)
    ada = {"reason": "Ada says </textarea>", "country": "GB", "visibility": "full_name"}
    ben = {"reason": "Ben says", "country": "FR", "visibility": "private", "organiser_mail": "yes"}
    cleo = {"reason": "Cleo says", "country": "Cleo says", "visibility": "Cleo says"}
    forget_everything()
    seen = []
    for typed in (ada, ben, cleo, ada):
        answer = person.client.submit(page_of(), opened, given(email="no") | typed, form=FORM)
        assert answer.status_code == 422
        form = parse(answer.text).select_one(FORM)
        assert form is not None
        chosen = [str(one["value"]) for one in form.select("[selected], [checked]")]
        reason = form.select_one("textarea")
        assert reason is not None
        seen.append((reason.get_text().strip(), *chosen))

    assert seen == [
        ("Ada says </textarea>", "GB", "full_name", "no"),
        ("Ben says", "FR", "private", "yes"),
        ("Cleo says", "", "no"),
        ("Ada says </textarea>", "GB", "full_name", "no"),
    ]
    kept = repr(slots._answers._kept)
    assert "answered" in kept
    assert [word for word in ("Ada ", "Ben ", "Cleo ") if word in kept] == []
