"""Letters that an organiser stopped, and how one of them leaves after all."""

from datetime import timedelta
from typing import cast

import pytest
import time_machine
from bs4 import Tag

from petition.core.storage.database import transaction
from petition.holds.models import HoldCause
from petition.letters import decisions, removals
from petition.letters.desk import waiting
from petition.letters.letter.models import Letter, LetterState
from petition.organisers.models import Role
from tests.factories import NOON
from tests.grounds.client import ReadingClient
from tests.letters.fates import arrives, claimed, fresh, leave
from tests.letters.posting import queued
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.letters import letter_pages
from tests.web.organiser.letters.waiting_cases import (
    PAGE,
    RELEASED,
    buttons,
    case_of,
    decide,
    deciders,
    held,
    send,
    unknown,
    words_of,
)

STOPPED = f"{PAGE}?wait=stopped"
LINK = "a[href$='/waiting?wait=stopped']"

pytestmark = pytest.mark.usefixtures("letters_open")


def stopped(client: ReadingClient, **given: object) -> Letter:
    """Return a letter on hold that somebody has stopped."""
    letter = held(**given)
    decide(client, letter, "stop")
    return letter


def stopped_by_its_writer() -> Letter:
    """Return a letter that its writer has stopped."""
    letter = queued()
    with transaction():
        decisions.stop(letter, NOON)
    return letter


def test_a_stopped_letter_is_there_for_whoever_asks_and_waits_for_nobody(log_in: LogIn) -> None:
    client = log_in()
    letter = stopped(client)
    everything, asked = client.visit(PAGE), client.visit(STOPPED)

    assert "No letter waits for a person" in everything.get_text()
    assert everything.select(".case") == []
    assert [case["id"] for case in asked.select(".case")] == [f"letter-{letter.id}"]
    kinds = asked.select_one("nav[aria-label='Which letters']")
    assert words_of(kinds) == "All On hold 0 Unknown 0 Failed 0 Stopped 1"
    assert "wait for a person" not in client.visit(letter_pages.LIST).get_text()


def test_it_says_who_stopped_it_and_when(log_in: LogIn, noon: time_machine.Traveller) -> None:
    letter = held()
    noon.shift(timedelta(minutes=5))
    decide(log_in(Role.MODERATOR), letter, "stop")
    case = case_of(log_in(Role.AUDITOR).visit(STOPPED), letter)

    assert "Stopped by Momo Moderator Stopped on 20 November 2026, 12:05 UTC" in words_of(case)


def test_a_stopped_letter_leaves_after_all(log_in: LogIn) -> None:
    letter, client = stopped(log_in(Role.MODERATOR)), log_in(Role.OWNER)
    page = client.visit(STOPPED)
    assert buttons(page, letter) == ["Let it leave after all"]
    answer = send(client, page, letter, "send", STOPPED)

    assert answer.location == STOPPED
    page = client.visit(STOPPED)
    assert "leaves in its office’s working hours" in page.get_text()
    assert "No stopped letter could leave" in page.get_text()
    assert deciders(letter)[-1] == (LetterState.STOPPED, LetterState.QUEUED, 2)
    assert leave(arrives) == 1
    assert fresh(letter).state == LetterState.SENT


def test_a_letter_stopped_for_a_doubt_shows_what_the_doubt_was(log_in: LogIn) -> None:
    letter, client = unknown(), log_in()
    decide(client, letter, "stop")
    words = words_of(case_of(client.visit(STOPPED), letter))

    assert "TimeoutError" in words
    assert letter.message_id in words


def test_a_letter_that_its_writer_stopped_is_never_offered_nor_sent(log_in: LogIn) -> None:
    client = log_in()
    own, offered = stopped_by_its_writer(), stopped(client)
    page = client.visit(STOPPED)
    assert [case["id"] for case in page.select(".case")] == [f"letter-{offered.id}"]
    form = page.select_one(f"#letter-{offered.id} form")
    assert form is not None
    token = cast("Tag", form.select_one("[name=csrf_token]"))["value"]
    own = fresh(own)
    data = {"csrf_token": token, "decision": "send", "mark": waiting.mark_of(own)}
    client.post(f"{PAGE}/{own.id}", data=data)

    assert fresh(own).state == LetterState.STOPPED
    with pytest.raises(decisions.TooLate), transaction() as writing:
        decisions.resume(writing.merge(fresh(own)), 1, NOON)
    assert claimed() == []


def test_a_letter_whose_words_its_writer_deleted_is_never_offered_nor_sent(log_in: LogIn) -> None:
    client = log_in()
    letter = stopped(client)
    shown = client.visit(STOPPED)
    stale = fresh(letter)
    with transaction():
        removals.erase_words(stale, NOON)
    answer = send(client, shown, letter, "send", STOPPED)
    page = client.visit(str(answer.location))

    assert "Nothing was changed" in page.get_text()
    assert page.select(".case") == []
    assert fresh(letter).state == LetterState.STOPPED
    assert claimed() == []


def test_a_letter_that_was_stopped_for_its_age_is_not_offered(log_in: LogIn) -> None:
    letter, client = held(), log_in()
    decide(client, letter, "send")
    with transaction():
        removals.purge(NOON + timedelta(days=29))

    assert fresh(letter).state == LetterState.STOPPED
    assert client.visit(STOPPED).select(".case") == []
    assert deciders(letter) == [(HoldCause.NETWORK, RELEASED, 1)]


def test_the_second_of_two_who_let_it_leave_is_told(log_in: LogIn) -> None:
    one, other = log_in(Role.MODERATOR), log_in(Role.OWNER)
    letter = stopped(one)
    shown = other.visit(STOPPED)
    send(one, one.visit(STOPPED), letter, "send", STOPPED)
    answer = send(other, shown, letter, "send", STOPPED)

    assert "Nothing was changed" in other.visit(str(answer.location)).get_text()
    assert len(deciders(letter)) == 3  # the hold, which was overruled, and two steps


def test_an_auditor_sees_stopped_letters_and_no_person_in_them(log_in: LogIn) -> None:
    letter = stopped(log_in(), name="Ada One", own="As nobody else would say it.")
    page = log_in(Role.AUDITOR).visit(STOPPED)

    assert buttons(page, letter) == []
    for words in ("Ada One", "As nobody else", "@example.org"):
        assert words not in str(page)


def test_the_page_of_the_letter_campaign_leads_to_what_was_stopped(log_in: LogIn) -> None:
    client = log_in()
    stopped_by_its_writer()
    assert client.visit(letter_pages.PAGE).select(LINK) == []
    stopped(client)

    [link] = log_in(Role.AUDITOR).visit(letter_pages.PAGE).select(LINK)
    assert link.get_text() == "1 stopped letter could leave after all"
    assert log_in(Role.EDITOR).visit(letter_pages.PAGE).select(LINK) == []
