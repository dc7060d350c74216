"""New recovery codes, for whoever can show a code once more."""

import pytest
from bs4 import BeautifulSoup

from petition.organisers import recovery_codes
from petition.organisers.models import Organiser
from petition.organisers.queries import organiser_by_email
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.organisers.people import code_of
from tests.web.organiser.conftest import LogIn

PAGE, EMAIL = "/organiser/recovery-codes", "owner@example.org"
FILE = "form[action$='file.txt']"


@pytest.fixture
def owner(log_in: LogIn) -> ReadingClient:
    return log_in()


def who() -> Organiser:
    found = organiser_by_email(EMAIL)
    assert found is not None
    return found


def ask(client: ReadingClient, code: str, *, status: int = 200) -> BeautifulSoup:
    answer = client.submit(PAGE, client.visit(PAGE), {"code": code}, form="form.desk__form")
    assert answer.status_code == status
    return parse(answer.text)


def shown(page: BeautifulSoup) -> list[str]:
    return [code.get_text() for code in page.select(".codes code")]


def test_a_code_of_the_app_brings_ten_new_codes(owner: ReadingClient) -> None:
    codes = shown(ask(owner, code_of(who())))

    assert len(codes) == 10
    assert recovery_codes.are_all_of(who().id, codes)


def test_a_recovery_code_brings_ten_new_ones_and_ends_the_old_ones(owner: ReadingClient) -> None:
    first = shown(ask(owner, code_of(who())))
    second = shown(ask(owner, first[3]))

    assert recovery_codes.are_all_of(who().id, second)
    ask(owner, first[4], status=422)


def test_a_wrong_code_changes_nothing_and_says_so(owner: ReadingClient) -> None:
    codes = shown(ask(owner, code_of(who())))
    page = ask(owner, "000000", status=422)

    assert "This code is not right" in page.select_one(".error-summary").get_text()  # type: ignore[union-attr]
    assert recovery_codes.are_all_of(who().id, codes)


def test_wrong_codes_slow_down(owner: ReadingClient) -> None:
    for _ in range(5):
        ask(owner, "000000", status=422)

    ask(owner, code_of(who()), status=429)


def test_the_codes_can_be_taken_along_as_a_file(owner: ReadingClient) -> None:
    page = ask(owner, code_of(who()))
    answer = owner.submit(PAGE, page, {"code": shown(page)}, form=FILE)

    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"] == "attachment; filename=recovery-codes.txt"
    assert answer.text.splitlines()[1:] == shown(page)


def test_only_the_owners_own_codes_become_a_file(owner: ReadingClient) -> None:
    page = ask(owner, code_of(who()))
    for wrong in ([], ["<script>"], ["aaaaa-aaaaa"] * 10):
        assert owner.submit(PAGE, page, {"code": wrong}, form=FILE).status_code == 400
