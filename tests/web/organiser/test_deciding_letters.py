"""Two who decide about one letter: one does, and the other is told."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from flask import Flask

from petition.core.database import session, transaction
from petition.letters import afterwards, waiting
from petition.letters.letter import LetterState
from petition.organisers.models import Role
from tests.factories import NOON, load_sample
from tests.grounds.client import ReadingClient
from tests.letters.fates import fresh, is_in_doubt, leave
from tests.letters.posting import OTHER_OFFICE, queued
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.waiting import (
    OTHER_PAGE,
    PAGE,
    decide,
    deciders,
    held,
    send,
    unknown,
    words_of,
)


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    """A moment at which the letters of the sample are open, and its offices at work."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def sample(app: Flask) -> None:
    """The sample campaign."""
    load_sample(NOON - timedelta(days=10))


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
        afterwards.stop(stopped, NOON)
    client = log_in()
    form = client.visit(PAGE).select_one(f"#letter-{waits.id} form")
    assert form is not None
    token = cast("Tag", form.select_one("[name=csrf_token]"))["value"]
    stopped = fresh(stopped)
    data = {"csrf_token": token, "decision": "send", "mark": waiting.mark_of(stopped)}
    client.post(f"{PAGE}/{stopped.id}", data=data)

    assert fresh(stopped).state == LetterState.STOPPED
