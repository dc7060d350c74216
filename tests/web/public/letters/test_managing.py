"""What the writer of a confirmed letter can do about it: stop it, delete it, say who answered."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update

from petition.core.storage.database import transaction
from petition.letters.letter.models import Answer, Letter, LetterState
from tests.factories import make_organiser, rows
from tests.letters.fates import arrives, leave
from tests.letters.posting import newest_letter
from tests.web.public.letters.writers import Writer
from tests.web.public.people import Person, mails_to, words
from tests.worker.letter_work import stop_everything


@pytest.fixture
def writer(person: Person) -> Writer:
    """Somebody who writes letters of the sample campaign."""
    return Writer(person.client)


def confirmed(writer: Writer) -> str:
    """Write a letter, send it and confirm it; return the path of its page."""
    writer.writes()
    writer.sends()
    return writer.confirms().partition("?")[0]


def press(writer: Writer, path: str, verb: str, **typed: str) -> BeautifulSoup:
    """Press a button of the page; return the page that follows."""
    page = writer.client.visit(path)
    answer = writer.client.submit(path, page, typed, form=f"form[action$='/{verb}']")
    assert answer.status_code == 303
    return writer.client.visit(answer.headers["Location"])


def test_a_letter_is_stopped_by_two_presses_and_no_single_one(writer: Writer) -> None:
    path = confirmed(writer)
    ways = "form[action$='/stop']"
    page = writer.client.visit(path)
    assert len(page.select(ways)) == len(page.select(f"details:not([open]) {ways}")) == 1
    page = press(writer, path, "stop")

    assert "Your letter is stopped. It does not leave." in words(page)
    assert page.select("form[action$='/stop']") == []
    assert newest_letter().state == LetterState.STOPPED


def test_the_link_pressed_again_promises_nothing_that_has_happened_already(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    link = writer.link()
    writer.confirms()
    page = writer.client.visit(link)

    assert "Your letter is confirmed" in words(page)
    assert "The button of this link was pressed some minutes ago" in words(page)
    assert "nothing is sent" not in words(page)
    assert "Where it is" in words(writer.client.visit(writer.confirms()))


def test_who_writes_again_after_stopping_is_not_told_that_a_letter_leaves(writer: Writer) -> None:
    press(writer, confirmed(writer), "stop")
    writer.writes()
    writer.sends()

    text = " ".join(mails_to(writer.email)[-1].text.split())
    assert "you have written to this office before" in text
    assert "sent once" not in text
    assert rows(Letter) == 1


def test_words_and_name_are_deleted_at_once_and_the_page_promises_no_more(writer: Writer) -> None:
    path = confirmed(writer)
    page = press(writer, path, "scrub")

    assert "Your words and your name are deleted." in words(page)
    assert "28 days" not in words(page)
    assert newest_letter().content is None
    assert newest_letter().state == LetterState.STOPPED


def test_what_the_office_answered_is_noted(writer: Writer) -> None:
    path = confirmed(writer)
    assert leave(arrives) == 1
    page = writer.client.visit(path)
    assert page.select("form[action$='/stop']") == []
    answer = writer.client.post(
        f"{path}/answer",
        data={"answer": Answer.AUTOMATIC.value},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert "Saved. Thank you" in words(writer.client.visit(answer.headers["Location"]))
    assert newest_letter().answer == Answer.AUTOMATIC


def test_a_held_letter_is_confirmed_and_not_said_to_leave(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    with transaction() as writing:
        writing.execute(update(Letter).values(on_hold=True))
    page = writer.client.visit(writer.confirms())

    assert "Thank you. Your letter is confirmed. " in words(page)
    assert "and will leave" not in words(page)
    assert "A moderator looks at it first" in words(page)


def test_a_letter_confirmed_while_nothing_leaves_is_said_to_wait(writer: Writer) -> None:
    writer.writes()
    writer.sends()
    stop_everything(make_organiser())
    page = writer.client.visit(writer.confirms())

    assert "and will leave" not in words(page)
    assert "Waits: the organisers have stopped these letters for the moment" in words(page)
    assert page.select("form[action$='/again']") == []


def test_another_office_is_written_to_without_typing_anything_twice(writer: Writer) -> None:
    page = press(writer, confirmed(writer), "again")

    assert page.h1 is not None
    assert page.h1.get_text(strip=True) == "To whom you write"
    chosen = page.select_one("input[checked]")
    assert chosen is not None
    assert int(str(chosen["value"])) != newest_letter().recipient_id
