"""How letters stand, and the log of answers."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from petition.core.storage.database import transaction
from petition.core.tokens import digest
from petition.letters import answers, decisions
from petition.letters.campaigns.queries import letter_campaign_by_slug
from petition.letters.letter.models import Answer, LetterState
from petition.letters.sent_elsewhere import note_sent_elsewhere
from petition.organisers.models import Role
from petition.recipients.models import Channel, Recipient
from tests.factories import NOON
from tests.letters.fates import arrives, claim, comes_back, is_in_doubt, is_refused, leave
from tests.letters.posting import (
    LETTER,
    OFFICE,
    OTHER_OFFICE,
    finished,
    hand_in,
    newest_letter,
    office,
    queued,
)
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.letters.letter_pages import (
    LIST,
    OTHER_PAGE,
    PAGE,
    figures,
    numbers,
    row_of,
)

OWN = (
    "Our club in the village of Sample has seen with its own eyes what becomes of people who are "
    "sold from one farm to the next, and nobody who gains by it has ever been named in public."
)


def send_elsewhere(email: str, to: str = OFFICE) -> None:
    """Say that a letter was sent by post."""
    found = letter_campaign_by_slug(LETTER)
    assert found is not None
    number, recipient_id = found.id, office(to).id
    with transaction():
        note_sent_elsewhere(
            number, recipient_id, email, Channel.POST, NOON, draft_hash=digest(email)
        )


def answer(said: Answer, *, days: int = 0, to: str = OFFICE) -> None:
    """Let a letter arrive, and its writer say this about the answer."""
    letter = queued(to=to)
    assert leave(arrives) == 1
    with transaction():
        answers.note_answer(letter, said, NOON + timedelta(days=days))


def one_of_each() -> None:
    """Write letters until one is in each state; nine of them, and two that went another way."""
    letters = [queued(), queued(to=OTHER_OFFICE)]
    leave(arrives)
    with transaction():
        answers.note_answer(letters[1], Answer.AUTOMATIC, NOON)
    for fate in (is_refused, is_in_doubt):
        queued()
        leave(fate)
    stopped = queued()
    with transaction():
        decisions.stop(stopped, NOON)
    hand_in(finished())
    queued()
    queued(own=OWN)
    with transaction():
        newest_letter().on_hold = True
    send_elsewhere("ada@example.org")
    send_elsewhere("ada@example.org", OTHER_OFFICE)
    comes_back(letters[0])


def test_a_site_without_letters_says_how_to_load_some(log_in: LogIn) -> None:
    page = log_in().visit(LIST)

    assert "There is no letter yet" in page.get_text()
    assert "campaigns load" in page.get_text()


@pytest.mark.usefixtures("letters_open")
def test_the_list_shows_how_the_letters_of_each_letter_campaign_stand(log_in: LogIn) -> None:
    one_of_each()
    page = log_in().visit(LIST)

    assert numbers(page, "Write about human trafficking") == {
        "To confirm": "1",
        "Queued": "1",
        "On hold": "1",
        "Sent": "1",
        "Bounced": "1",
        "Failed": "1",
        "Unknown": "1",
        "Stopped": "1",
        "Another way": "2",
        "Answers": "Only an automatic receipt came: 1",
    }
    assert len(page.select("tbody tr")) == 5
    assert "GAP-" in page.select("tbody tr")[0].get_text()
    links = row_of(page, "Write about human trafficking").select("a")
    assert [(link.get_text(), link["href"]) for link in links] == [
        ("Write about human trafficking", PAGE),
        ("3 letters wait for a person", f"{PAGE}/waiting"),
    ]


@pytest.mark.usefixtures("letters_open")
def test_a_letter_that_is_being_sent_is_counted_with_the_queue(log_in: LogIn) -> None:
    queued()
    with transaction():
        assert claim() != []

    assert newest_letter().state == LetterState.SENDING
    assert figures(log_in().visit(PAGE)) == {"Queued": "1"}


@pytest.mark.usefixtures("letters_open")
def test_one_letter_campaign_shows_the_same_numbers_office_by_office(log_in: LogIn) -> None:
    one_of_each()
    client = log_in()
    page = client.visit(PAGE)
    whole = figures(page)

    assert whole == dict.fromkeys(whole, "1") | {"Another way": "2"}
    assert len(whole) == 9
    assert numbers(page, "High Representative") == {
        "Sent": "1",
        "Another way": "1",
        "Answers": "Only an automatic receipt came: 1",
    }
    assert "Answers" not in numbers(page, "A letter came back: nothing leaves for this office")
    assert figures(client.visit(OTHER_PAGE)) == {}


@pytest.mark.usefixtures("letters_open")
def test_what_was_sent_stands_under_the_title_under_which_it_was_sent(log_in: LogIn) -> None:
    answer(Answer.YES)
    queued()
    leave(is_in_doubt)
    with transaction() as writing:
        renamed = update(Recipient).where(Recipient.slug == OFFICE)
        writing.execute(renamed.values(office={"en": "Minister for the World"}))
    client = log_in()

    for path in (PAGE, f"{PAGE}/answers", f"{PAGE}/waiting"):
        page = client.visit(path).get_text()
        assert "Foreign Secretary" in page
        assert "Minister for the World" not in page


@pytest.mark.usefixtures("letters_open")
def test_own_words_are_counted_in_three_shares(log_in: LogIn) -> None:
    queued()
    queued(own="I have seen it with my own eyes, in the harbour where I was born and still work.")
    queued(body=OWN)
    queued(body=f"{OWN} I mean it.")
    hand_in(finished(body=OWN))
    client = log_in()
    page = client.visit(PAGE)
    rows = [row.get_text(" ", strip=True) for row in page.select(".chart__table tbody tr")]

    assert rows == [
        "Template only 1",
        "Partly in their own words 1",
        "Clearly in their own words 2",
    ]
    assert client.visit(OTHER_PAGE).select(".chart__table") == []


@pytest.mark.usefixtures("letters_open")
def test_the_log_of_answers_says_office_day_and_answer(log_in: LogIn) -> None:
    answer(Answer.NO)
    answer(Answer.YES, days=2, to=OTHER_OFFICE)
    page = log_in(Role.EXPORTER).visit(PAGE)
    section = page.select_one("section[aria-labelledby=answers-title]")
    assert section is not None
    rows = [row.get_text(" | ", strip=True) for row in section.select("tbody tr")]

    assert len(rows) == 2
    assert rows[0].startswith("22 November 2026 | ")
    assert "High Representative" in rows[0]
    assert rows[0].endswith("They answered")
    assert rows[1].startswith("20 November 2026 | ")
    assert rows[1].endswith("No answer yet")


@pytest.mark.usefixtures("letters_open")
def test_all_answers_are_on_pages_of_their_own(log_in: LogIn) -> None:
    for day in range(11):
        answer(Answer.NO, days=day)
    client = log_in(Role.AUDITOR)
    page = client.visit(PAGE)
    assert len(page.select("section[aria-labelledby=answers-title] tbody tr")) == 10

    log = client.visit(f"{PAGE}/answers")
    assert len(log.select("tbody tr")) == 11
    assert "Nobody has said yet" in client.visit(f"{OTHER_PAGE}/answers").get_text()


@pytest.mark.usefixtures("letters_open")
def test_numbers_and_answers_name_nobody(log_in: LogIn) -> None:
    one_of_each()
    client = log_in()

    for path in (LIST, PAGE, f"{PAGE}/answers"):
        text = client.get(path).text
        assert "Nadia" not in text
        assert "example.org" not in text
        assert "village of Sample" not in text


def test_letters_are_in_the_navigation(log_in: LogIn) -> None:
    page = log_in(Role.EXPORTER).visit("/organiser/")

    assert [one["href"] for one in page.select("nav a") if one.get_text() == "Letters"] == [LIST]
