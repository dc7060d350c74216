"""Beginning a letter: one network begins so many in an hour, and nobody loses what they typed."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from config import Config
from petition.letters.letter.models import LetterDraft
from tests.factories import rows
from tests.web.public.letters.writers import Writer
from tests.web.public.people import Person, words

pytestmark = pytest.mark.any_database

LIMIT = 3


@pytest.fixture
def config(config: Config) -> Config:
    """An install behind a proxy, where a network may begin few letters."""
    return replace(config, proxies=1, draft_limit=LIMIT)


def from_network(person: Person, number: int) -> Writer:
    """Return a writer whose address is in this network."""
    person.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.{number}.7"
    return Writer(person.client)


def test_a_network_that_has_begun_many_letters_waits_and_others_do_not(
    person: Person, clock: time_machine.Traveller
) -> None:
    for _ in range(LIMIT):
        assert from_network(person, 1).begins().status_code == 303
    answer = from_network(person, 1).begins(name="Nadia Patient")

    assert answer.status_code == 429
    assert "keep this page open and press the button again in an hour" in words(answer.text)
    assert 'value="Nadia Patient"' in answer.text
    assert rows(LetterDraft) == LIMIT
    assert from_network(person, 2).begins().status_code == 303
    clock.shift(timedelta(hours=1))
    assert from_network(person, 1).begins().status_code == 303


def test_neither_does_a_mailed_link_fill_the_site_with_drafts(
    person: Person, clock: time_machine.Traveller
) -> None:
    receipt = f"{person.has_signed()}/receipt"
    page = person.client.visit(receipt)
    answers = [
        person.client.submit(receipt, page, {}, form="form[action*='/letters/']").status_code
        for _ in range(LIMIT + 1)
    ]
    assert answers == [303] * LIMIT + [429]

    writer = from_network(person, 3)
    writer.writes()
    writer.sends()
    path = writer.confirms()
    clock.shift(60)  # who fills in a form has read it for a while
    again = "form[action$='/again']"
    letter = person.client.visit(path)
    answers = [person.client.submit(path, letter, {}, form=again).status_code for _ in range(LIMIT)]
    assert answers == [303] * (LIMIT - 1) + [429]


def test_a_mistake_is_not_counted(person: Person) -> None:
    for _ in range(LIMIT + 2):
        assert from_network(person, 1).begins(name="").status_code == 422
    assert from_network(person, 1).begins().status_code == 303
