"""What a moderator decides about letters that wait for a person."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import cast

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from petition.core.database import session, transaction
from petition.letters import afterwards, waiting
from petition.letters.letter import Letter, LetterState, LetterTransition
from petition.letters.writing import Written
from petition.organisers.models import Role
from tests.factories import NOON, load_sample
from tests.grounds.client import ReadingClient
from tests.letters.fates import arrives, claimed, fresh, is_in_doubt, is_refused, leave
from tests.letters.posting import LETTER, OTHER_OFFICE, all_letters, queued
from tests.web.organiser.conftest import LogIn

PAGE = f"/organiser/letters/{LETTER}/waiting"
OTHER_PAGE = "/organiser/letters/letter-on-partner-governments/waiting"
ALIKE = (
    "Our whole club in the village of Sample is of one mind about this matter, for we have seen "
    "with our own eyes what becomes of people who are sold from one farm to the next, and nobody "
    "who gains by it has ever been named."
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


def held(**given: object) -> Letter:
    """Return a letter that waits for a moderator."""
    letter = queued(**given)  # type: ignore[arg-type]
    with transaction():
        letter.on_hold = True
    return letter


def unknown() -> Letter:
    """Return a letter of which nobody knows whether it arrived."""
    letter = queued()
    assert leave(is_in_doubt) == 1
    return letter


def failed() -> Letter:
    """Return a letter that the mail server refused."""
    letter = queued()
    assert leave(is_refused) == 1
    return letter


def case_of(page: BeautifulSoup, letter: Letter) -> Tag | None:
    return page.select_one(f"#letter-{letter.id}")


def words_of(case: Tag | None) -> str:
    assert case is not None
    return " ".join(case.get_text(" ").split())


def buttons(page: BeautifulSoup, letter: Letter) -> list[str]:
    case = case_of(page, letter)
    assert case is not None
    return [button.get_text() for button in case.select("button")]


def send(
    client: ReadingClient, page: BeautifulSoup, letter: Letter, decision: str, path: str = PAGE
) -> TestResponse:
    """Press a button beside a letter on a page that was opened before."""
    form = f"#letter-{letter.id} form"
    return client.submit(path, page, {"decision": decision}, form=form)


def decide(client: ReadingClient, letter: Letter, decision: str) -> str:
    """Press a button beside a letter; return the words of the page that follows."""
    answer = send(client, client.visit(PAGE), letter, decision)
    assert answer.status_code == 303
    return client.visit(str(answer.location)).get_text(" ")


def deciders(letter: Letter) -> list[tuple[LetterState, LetterState, int]]:
    """Return the changes of a letter that were an organiser's."""
    session.commit()
    found = session.query(LetterTransition).where(
        LetterTransition.letter_id == letter.id, LetterTransition.organiser_id.is_not(None)
    )
    return [(one.before, one.after, one.organiser_id or 0) for one in found]


def test_a_letter_campaign_in_which_nothing_waits_says_so(log_in: LogIn) -> None:
    queued()

    assert "No letter waits for a person" in log_in().visit(PAGE).get_text()


def test_each_letter_says_what_it_waits_for_and_what_can_be_decided(log_in: LogIn) -> None:
    letters = failed(), unknown(), held()
    page = log_in(Role.MODERATOR).visit(PAGE)

    assert [case["id"] for case in page.select(".case")] == [
        f"letter-{letter.id}" for letter in reversed(letters)
    ]
    assert [buttons(page, letter) for letter in letters] == [
        ["Try again"],
        ["It arrived", "Send it again", "Do not send it"],
        ["Let it leave", "Stop it"],
    ]
    assert "550" in words_of(case_of(page, letters[0]))
    assert letters[1].message_id in words_of(case_of(page, letters[1]))
    for letter in letters:
        assert "20 November 2026, 12:00 UTC" in words_of(case_of(page, letter))
    kinds = page.select_one("nav[aria-label='Which letters']")
    assert words_of(kinds) == "All On hold 1 Unknown 1 Failed 1"


def test_one_kind_can_be_looked_at_alone(log_in: LogIn) -> None:
    letters = failed(), unknown(), held()
    client = log_in()
    for letter, kind in zip(letters, ("failed", "unknown", "on_hold"), strict=True):
        page = client.visit(f"{PAGE}?wait={kind}")
        assert [case["id"] for case in page.select(".case")] == [f"letter-{letter.id}"]

    assert len(client.visit(f"{PAGE}?wait=nonsense").select(".case")) == 3


def test_a_moderator_reads_a_letter_on_hold_and_who_wrote_it(log_in: LogIn) -> None:
    letter = held(name="Ada <b>One</b>", body="Dear Sir\n\n<script>", subject="Of one mind")
    case = case_of(log_in(Role.MODERATOR).visit(PAGE), letter)

    for words in ("Ada <b>One</b>", "Of one mind", "<script>"):
        assert words in words_of(case)
    assert "@example.org" not in words_of(case)


def test_an_auditor_sees_what_waits_and_no_person_in_it(log_in: LogIn) -> None:
    letters = held(name="Ada One", own="As nobody else would say it."), unknown(), failed()
    client = log_in(Role.AUDITOR)
    page = client.visit(PAGE)
    text = client.get(PAGE).text

    assert len(page.select(".case")) == 3
    assert page.select("main form") == []
    for words in ("Ada One", "As nobody else", "@example.org", "Nadia"):
        assert words not in text
    assert "Handed in" in words_of(case_of(page, letters[0]))


@pytest.mark.parametrize("role", [Role.EDITOR, Role.EXPORTER])
def test_others_do_not_see_single_letters(log_in: LogIn, role: Role) -> None:
    log_in(role).visit(PAGE, status=403)


def test_only_the_words_of_the_page_that_is_shown_are_opened(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [held() for _ in range(3)]
    unknown()
    monkeypatch.setattr(waiting, "PAGE_ROWS", 2)
    opened: list[int] = []
    really_open = Letter.opened

    def watched(letter: Letter) -> Written | None:
        opened.append(letter.id)
        return really_open(letter)

    monkeypatch.setattr(Letter, "opened", watched)
    client = log_in()
    page = client.visit(PAGE)
    assert opened == [letters[2].id]

    older = client.visit(str(page.select_one("a[rel=next]")["href"]))  # type: ignore[index]
    assert [case["id"] for case in older.select(".case")] == [
        f"letter-{letter.id}" for letter in letters[1::-1]
    ]
    newer = client.visit(str(older.select_one("a[rel=prev]")["href"]))  # type: ignore[index]
    assert len(newer.select(".case")) == 2


def test_an_unknown_letter_that_arrived_is_sent(log_in: LogIn) -> None:
    letter = unknown()
    client = log_in(Role.MODERATOR)

    assert "is noted as sent" in decide(client, letter, "arrived")
    assert (fresh(letter).state, fresh(letter).sent_at) == (LetterState.SENT, NOON)
    assert deciders(letter) == [(LetterState.UNKNOWN, LetterState.SENT, 1)]
    assert claimed() == []


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
    assert deciders(letter) == [(LetterState.QUEUED, LetterState.QUEUED, 1)]


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


def test_what_became_of_a_letter_says_who_decided(log_in: LogIn) -> None:
    letter = held()
    client = log_in(Role.MODERATOR)
    decide(client, letter, "send")
    leave(is_in_doubt)
    ways = client.visit(PAGE).select(f"#letter-{letter.id} .case__ways li")

    assert [words_of(way).partition(" UTC : ")[2] for way in ways] == [
        "To confirm",
        "Queued",
        "released from its hold, Momo Moderator",
        "Being sent",
        "Unknown",
    ]


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
            afterwards.scrub(letter, NOON)
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
        afterwards.stop(stopped, NOON)
    client = log_in()
    form = client.visit(PAGE).select_one(f"#letter-{waits.id} form")
    assert form is not None
    token = cast("Tag", form.select_one("[name=csrf_token]"))["value"]
    stopped = fresh(stopped)
    data = {"csrf_token": token, "decision": "send", "mark": waiting.mark_of(stopped)}
    client.post(f"{PAGE}/{stopped.id}", data=data)

    assert fresh(stopped).state == LetterState.STOPPED
