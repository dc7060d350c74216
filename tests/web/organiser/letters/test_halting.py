"""The switch that keeps everything of a letter campaign from leaving."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup

from petition.organisers.models import Role
from tests.grounds.client import ReadingClient
from tests.letters.fates import claimed, is_in_doubt, leave
from tests.letters.posting import queued
from tests.web.organiser.conftest import LogIn
from tests.web.organiser.letters.letter_pages import LIST, OTHER_PAGE, PAGE, figures, row_of

STOP, RESUME = "form[action$='/stop']", "form[action$='/resume']"
HALTS = "main > div > details li"

pytestmark = pytest.mark.usefixtures("letters_open")


def press(client: ReadingClient, form: str, path: str = PAGE) -> BeautifulSoup:
    """Press the button of a form; return the page that follows."""
    answer = client.submit(path, client.visit(path), {}, form=form)
    assert answer.status_code == 303
    return client.visit(str(answer.location))


def test_stopping_keeps_letters_from_being_claimed_and_resuming_lets_them(log_in: LogIn) -> None:
    letter = queued()
    client = log_in(Role.MODERATOR)
    page = press(client, STOP)

    assert "Nothing of it leaves any more" in page.get_text()
    assert "By Momo Moderator, on 20 November 2026, 12:00 UTC" in " ".join(page.get_text().split())
    assert page.select(STOP) == []
    row = row_of(client.visit(LIST), "Write about human trafficking")
    assert row.select("td")[0].get_text(strip=True) == "Stopped"
    assert claimed() == []

    page = press(client, RESUME)
    assert "Letters leave again" in page.get_text()
    assert claimed() == [letter.id]


def test_stopping_one_letter_campaign_leaves_the_others(log_in: LogIn) -> None:
    letter = queued()
    press(log_in(), STOP, OTHER_PAGE)

    assert claimed() == [letter.id]


def test_who_stopped_it_first_stays_noted(log_in: LogIn, noon: time_machine.Traveller) -> None:
    first, second = log_in(Role.EDITOR), log_in(Role.MODERATOR)
    shown = second.visit(PAGE)
    press(first, STOP)
    noon.shift(timedelta(minutes=5))
    answer = second.submit(PAGE, shown, {}, form=STOP)
    page = second.visit(str(answer.location))

    assert "Somebody has stopped it already, on 20 November 2026, 12:00 UTC" in page.get_text()
    assert "By Edda Editor" in page.get_text()


def test_resuming_twice_is_said(log_in: LogIn) -> None:
    first, second = log_in(Role.EDITOR), log_in(Role.MODERATOR)
    press(first, STOP)
    shown = second.visit(PAGE)
    press(first, RESUME)
    answer = second.submit(PAGE, shown, {}, form=RESUME)

    assert "resumed it already" in second.visit(str(answer.location)).get_text()


def test_the_page_remembers_who_stopped_it_and_who_resumed_it(
    log_in: LogIn, noon: time_machine.Traveller
) -> None:
    first, second = log_in(Role.EDITOR), log_in(Role.MODERATOR)
    assert press(first, STOP).select(HALTS) == []
    for client, form in ((second, RESUME), (second, STOP), (first, RESUME)):
        noon.shift(timedelta(minutes=5))
        page = press(client, form)

    newer, older = [" ".join(halt.get_text().split()).split("; ") for halt in page.select(HALTS)]
    assert newer == [
        "20 November 2026, 12:10 UTC: stopped, Momo Moderator",
        "20 November 2026, 12:15 UTC: resumed, Edda Editor",
    ]
    assert older == [
        "20 November 2026, 12:00 UTC: stopped, Edda Editor",
        "20 November 2026, 12:05 UTC: resumed, Momo Moderator",
    ]
    assert first.visit(OTHER_PAGE).select(HALTS) == []


@pytest.mark.parametrize(
    ("role", "stops", "looks"),
    [
        (Role.OWNER, True, True),
        (Role.EDITOR, True, False),
        (Role.MODERATOR, True, True),
        (Role.EXPORTER, False, False),
        (Role.AUDITOR, False, True),
    ],
)
def test_a_role_is_offered_only_what_it_may_do(
    log_in: LogIn, role: Role, stops: bool, looks: bool
) -> None:
    queued()
    leave(is_in_doubt)
    page = log_in(role).visit(PAGE)

    assert bool(page.select(STOP)) == stops
    assert bool(page.select("a[href$='/waiting']")) == looks
    assert figures(page) == {"Unknown": "1"}
