"""What a moderator decides about letters that wait, alone and beside another one."""

import threading
from datetime import timedelta
from typing import cast

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from flask import Flask

from petition.core.storage.database import session, transaction
from petition.holds.models import HoldCause
from petition.letters import decisions, removals
from petition.letters.desk import waiting
from petition.letters.letter.models import LetterState
from petition.organisers.models import Role
from tests.factories import NOON
from tests.grounds.client import ReadingClient
from tests.letters.fates import arrives, claimed, fresh, is_in_doubt, leave
from tests.letters.posting import (
    OTHER_OFFICE,
    all_letters,
    finished,
    hand_in,
    newest_letter,
    queued,
)
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.letters.waiting_cases import (
    ALIKE,
    PAGE,
    RELEASED,
    buttons,
    case_of,
    decide,
    deciders,
    failed,
    held,
    send,
    unknown,
    words_of,
)
from tests.web.public.people import mails_to

OTHER_PAGE = "/organiser/letters/letter-on-partner-governments/waiting"

pytestmark = pytest.mark.usefixtures("letters_open")


def test_an_unknown_letter_that_arrived_is_sent(log_in: LogIn) -> None:
    letter = unknown()
    client = log_in(Role.MODERATOR)

    assert "is noted as sent" in decide(client, letter, "arrived")
    assert (fresh(letter).state, fresh(letter).sent_at) == (LetterState.SENT, NOON)
    assert deciders(letter) == [(LetterState.UNKNOWN, LetterState.SENT, 1)]
    assert claimed() == []


def test_what_looks_like_a_program_is_mailed_when_a_moderator_accepts_it(log_in: LogIn) -> None:
    hand_in(finished("ada@example.org"), hold=HoldCause.PROGRAM)
    letter, client = newest_letter(), log_in(Role.MODERATOR)
    page = client.visit(PAGE)
    assert buttons(page, letter) == ["Accept and mail the link"]
    assert "as programs do. Nobody has been mailed" in words_of(case_of(page, letter))
    assert "Nadia Sample" in words_of(case_of(page, letter))
    assert mails_to("ada@example.org") == []

    assert "Its writer is mailed the link now" in decide(client, letter, "send")
    [mail] = mails_to("ada@example.org")
    path = mail.text.partition("http://localhost")[2].split()[0]
    assert path.startswith("/en/letters/confirm/")
    assert deciders(letter) == [(HoldCause.PROGRAM, RELEASED, 1)]
    assert claimed() == []
    confirming = client.visit(path)
    assert client.submit(path, confirming, {}, form="main form[method=post]").status_code == 303
    assert leave(arrives) == 1


def test_an_unknown_letter_that_did_not_arrive_leaves_again(log_in: LogIn) -> None:
    letter = unknown()
    decide(log_in(Role.MODERATOR), letter, "send")

    assert fresh(letter).state == LetterState.QUEUED
    assert leave(arrives) == 1
    assert fresh(letter).state == LetterState.SENT
    assert fresh(letter).changed_by is None
    assert deciders(letter) == [(LetterState.UNKNOWN, LetterState.QUEUED, 1)]


def test_an_unknown_letter_that_is_not_to_leave_is_stopped(log_in: LogIn) -> None:
    letter = unknown()

    assert "It does not leave" in decide(log_in(Role.MODERATOR), letter, "stop")
    assert deciders(letter) == [(LetterState.UNKNOWN, LetterState.STOPPED, 1)]
    assert claimed() == []


def test_a_letter_on_hold_leaves_once_a_moderator_lets_it(log_in: LogIn) -> None:
    letter = held()
    assert claimed() == []
    decide(log_in(Role.MODERATOR), letter, "send")

    assert claimed() == [letter.id]
    assert deciders(letter) == [(HoldCause.NETWORK, RELEASED, 1)]


def test_a_letter_on_hold_that_is_stopped_never_leaves(log_in: LogIn) -> None:
    letter = held()
    decide(log_in(Role.MODERATOR), letter, "stop")

    assert fresh(letter).state == LetterState.STOPPED
    assert deciders(letter) == [(LetterState.QUEUED, LetterState.STOPPED, 1)]
    assert claimed() == []


def test_a_letter_that_was_refused_is_tried_again(log_in: LogIn) -> None:
    letter = failed()
    decide(log_in(Role.MODERATOR), letter, "send")

    assert claimed() == [letter.id]
    assert deciders(letter) == [(LetterState.FAILED, LetterState.QUEUED, 1)]


def test_a_letter_that_was_let_go_is_not_held_by_the_next_one_like_it(log_in: LogIn) -> None:
    for _ in range(5):
        queued(own=ALIKE)
    letters = all_letters()
    assert [letter.on_hold for letter in letters] == [True] * 5
    decide(log_in(), letters[0], "send")
    queued(own=ALIKE)

    assert [letter.on_hold for letter in all_letters()] == [False] + [True] * 5


def test_a_letter_whose_words_are_deleted_can_only_be_settled(log_in: LogIn) -> None:
    doubted, refused = unknown(), failed()
    client = log_in()
    page = client.visit(PAGE)
    for letter in map(fresh, (doubted, refused)):
        with transaction():
            removals.erase_words(letter, NOON)
    send(client, page, doubted, "send")
    shown = client.visit(PAGE)

    assert "Nothing was changed" in shown.get_text()
    assert buttons(shown, doubted) == ["It arrived", "Do not send it"]
    assert buttons(shown, refused) == []
    assert "it cannot be sent any more" in words_of(case_of(shown, refused))


@pytest.mark.parametrize(
    ("first", "second"), [("send", "send"), ("send", "stop"), ("stop", "send"), ("arrived", "send")]
)
def test_the_second_of_two_moderators_is_told(log_in: LogIn, first: str, second: str) -> None:
    letter = unknown() if first == "arrived" else held()
    one, other = log_in(Role.MODERATOR), log_in(Role.OWNER)
    shown = other.visit(PAGE)
    decide(one, letter, first)
    after = fresh(letter).state
    answer = send(other, shown, letter, second)
    page = other.visit(str(answer.location))

    notice = page.select_one(".notice--error")
    assert "Nothing was changed: somebody has decided" in words_of(notice)
    assert fresh(letter).state == after
    assert len(deciders(letter)) == 1


def test_a_letter_that_is_in_doubt_anew_is_not_sent_for_the_old_doubt(
    log_in: LogIn, noon: time_machine.Traveller
) -> None:
    letter = unknown()
    one, other = log_in(Role.MODERATOR), log_in(Role.OWNER)
    shown = other.visit(PAGE)
    noon.shift(timedelta(minutes=1))
    decide(one, letter, "send")
    noon.shift(timedelta(minutes=1))
    assert leave(is_in_doubt, NOON + timedelta(minutes=2)) == 1
    answer = send(other, shown, letter, "send")

    assert "Nothing was changed" in other.visit(str(answer.location)).get_text()
    assert fresh(letter).state == LetterState.UNKNOWN


def test_of_two_who_decide_at_the_same_moment_one_does(app: Flask, log_in: LogIn) -> None:
    letter = held()
    clients = [log_in(Role.MODERATOR), log_in(Role.OWNER)]
    pages = [client.visit(PAGE) for client in clients]
    session.remove()
    start, places = threading.Barrier(2), []

    def press(client: ReadingClient, page: BeautifulSoup, decision: str) -> None:
        start.wait()
        places.append(send(client, page, letter, decision).status_code)
        session.remove()

    threads = [
        threading.Thread(target=press, args=(client, page, decision))
        for client, page, decision in zip(clients, pages, ("send", "stop"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    kinds = [client.visit(PAGE).select(".notice--success, .notice--error") for client in clients]

    assert places == [303, 303]
    assert sorted(str(shown[0]["class"][1]) for shown in kinds) == [
        "notice--error",
        "notice--success",
    ]
    assert len(deciders(letter)) == 1


def test_a_decision_leads_back_to_the_same_kind(log_in: LogIn) -> None:
    letter = held()
    client = log_in()
    path = f"{PAGE}?wait=on_hold"
    answer = send(client, client.visit(path), letter, "send", path)

    assert answer.location == path


def test_a_letter_is_decided_under_its_own_letter_campaign_only(log_in: LogIn) -> None:
    letter = held()
    client = log_in()
    page = client.visit(PAGE)
    form = page.select_one(f"#letter-{letter.id} form")
    assert form is not None
    data = {
        **{str(field["name"]): str(field["value"]) for field in form.select("input")},
        "decision": "send",
    }

    assert client.post(f"{OTHER_PAGE}/{letter.id}", data=data).status_code == 404
    assert client.post(f"{PAGE}/{2**63 - 1}", data=data).status_code == 404
    assert client.post(f"{PAGE}/{letter.id}", data=data | {"decision": "x"}).status_code == 400
    assert fresh(letter).on_hold


def test_a_letter_that_does_not_wait_is_not_decided_with_a_made_up_mark(log_in: LogIn) -> None:
    stopped, waits = queued(to=OTHER_OFFICE), held()
    with transaction():
        decisions.stop(stopped, NOON)
    client = log_in()
    form = client.visit(PAGE).select_one(f"#letter-{waits.id} form")
    assert form is not None
    token = cast("Tag", form.select_one("[name=csrf_token]"))["value"]
    stopped = fresh(stopped)
    data = {"csrf_token": token, "decision": "send", "mark": waiting.mark_of(stopped)}
    client.post(f"{PAGE}/{stopped.id}", data=data)

    assert fresh(stopped).state == LetterState.STOPPED
