"""A draft has a new link after each page: who was shown one reads nothing that came later."""

from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from petition.letters.letter.models import Letter, LetterDraft
from tests.factories import rows
from tests.grounds.client import ReadingClient
from tests.web.public.letters.writers import MAIN, STEPS, Writer
from tests.web.public.people import Person, words

OURS = {"Sec-Fetch-Site": "same-origin"}
RESTART = "form.panel__part[method=post]"


@pytest.fixture
def writer(person: Person) -> Writer:
    """Somebody who begins a letter of the sample campaign."""
    return Writer(person.client)


FILLED_IN = {
    "you": {"name": "Nadia Other"},
    "ask": {},
    "reasons": {"reason_0": "I met a survivor last year."},
    "edit": {"body": "All mine."},
}


@pytest.mark.parametrize("step", FILLED_IN)
def test_whoever_knew_the_link_of_a_page_does_not_read_what_was_typed_on_it(
    step: str, writer: Writer
) -> None:
    writer.writes()
    known = writer.draft
    answer = writer.does(step, **FILLED_IN[step])

    assert answer.status_code == 303
    assert writer.draft != known
    for name in (*STEPS, "letter.txt", "letter.eml", "letter.pdf"):
        assert writer.client.get(f"{known}/{name}").status_code == 410
    for form in ({}, {"sheet": "guessed"}, {"sheet": "", "name": "Eve"}):
        there = writer.client.post(f"{known}/ask", data=form, headers=OURS)
        assert there.status_code == 410
    assert writer.client.get(f"{writer.draft}/preview").status_code == 200
    assert rows(LetterDraft) == 1


def test_starting_again_moves_it_too(writer: Writer) -> None:
    writer.writes()
    writer.does("edit", body="All mine.")
    known = writer.draft
    path = f"{known}/edit"
    again = writer.client.submit(path, writer.page("edit"), {"restart": "1"}, form=RESTART)

    assert again.status_code == 303
    assert writer.client.get(path).status_code == 410


def test_a_page_that_is_sent_twice_leads_to_the_draft_both_times(writer: Writer) -> None:
    writer.begins()
    writer.chooses("Foreign Secretary")
    path = f"{writer.draft}/reasons"
    page = writer.page("reasons")
    first = writer.client.submit(path, page, {"reason_0": "My sister."}, form=MAIN)
    again = writer.client.submit(path, page, {"reason_0": "My sister was one."}, form=MAIN)

    assert (first.status_code, again.status_code) == (303, 303)
    assert "My sister was one." in words(writer.client.visit(again.headers["Location"]))
    assert rows(LetterDraft) == 1


def test_a_page_that_comes_twice_at_once_is_kept_once(writer: Writer) -> None:
    writer.begins()
    writer.chooses("Foreign Secretary")
    path, page = f"{writer.draft}/reasons", writer.page("reasons")

    def send(number: int) -> str:
        client = cast(ReadingClient, writer.client.application.test_client())
        answer = client.submit(path, page, {"reason_0": f"Because of {number}."}, form=MAIN)
        return answer.headers.get("Location", answer.status)

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(4)))

    assert {answer.rpartition("/")[2] for answer in answers} == {"edit"}
    assert rows(LetterDraft) == 1


def test_a_page_that_comes_again_later_leads_to_where_it_led(writer: Writer) -> None:
    writer.begins()
    writer.chooses("Foreign Secretary")
    path, page = f"{writer.draft}/reasons", writer.page("reasons")
    typed = {"reason_0": "Because."}
    first, again = (writer.client.submit(path, page, typed, form=MAIN) for _ in range(2))

    assert first.location == again.location
    assert writer.client.get(first.location).status_code == 200


def test_telling_forgets_what_was_handed_in_before_the_draft_moved_on(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    assert rows(Letter) == 1
    writer.does("edit", body="All mine, and longer than it was.")
    path = f"{writer.draft}/preview"
    told = "form[action$='/told']"
    page = writer.page("preview")
    assert writer.client.submit(path, page, {}, form=told).status_code == 200

    assert (rows(Letter), rows(LetterDraft)) == (0, 0)
