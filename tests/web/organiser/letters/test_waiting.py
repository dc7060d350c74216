"""The letters that wait for a person, and who reads what of them."""

from dataclasses import replace

import pytest

from petition.core.storage.database import transaction
from petition.letters.desk import waiting
from petition.letters.letter.models import Letter
from petition.letters.letter.written import Written
from petition.letters.post.sending import TRIES_TO_WRITE, put_off
from petition.organisers.models import Role
from tests.factories import NOON
from tests.letters.fates import claim, is_in_doubt, leave
from tests.letters.posting import queued
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.letters.waiting_cases import (
    ALIKE,
    PAGE,
    buttons,
    case_of,
    decide,
    failed,
    held,
    unknown,
    words_of,
)

pytestmark = pytest.mark.usefixtures("letters_open")


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
        assert "20 November 2026, 12:00–13:00 UTC" in words_of(case_of(page, letter))
    kinds = page.select_one("nav[aria-label='Which letters']")
    assert words_of(kinds) == "All On hold 1 Unknown 1 Failed 1 Stopped 0"


def test_a_letter_that_could_not_be_written_says_so_and_can_be_tried_again(log_in: LogIn) -> None:
    letter = queued()
    with transaction():
        (claimed,) = claim()
        put_off(replace(claimed, attempts=TRIES_TO_WRITE), NOON)
    page = log_in(Role.MODERATOR).visit(PAGE)

    assert buttons(page, letter) == ["Try again"]
    assert "It could not be written as a mail" in words_of(case_of(page, letter))
    assert "unwritable" not in words_of(case_of(page, letter))


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


def test_a_letter_on_hold_says_why(log_in: LogIn) -> None:
    letters = [held(), *(queued(own=ALIKE) for _ in range(5))]
    page = log_in(Role.MODERATOR).visit(PAGE)

    assert "Many forms came from one network." in words_of(case_of(page, letters[0]))
    for letter in letters[1:]:
        assert "Five or more letters" in words_of(case_of(page, letter))


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
