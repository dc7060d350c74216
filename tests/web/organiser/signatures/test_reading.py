"""The signatures of one petition: paging, filters, search, decisions."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from petition.core.storage.database import transaction
from petition.holds.models import HoldCause
from petition.organisers.models import Role
from petition.signatures.desk import listing
from petition.signatures.models import Signature, Visibility
from petition.signatures.persons import Person
from petition.signatures.removals import withdraw
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse
from tests.web.organiser.conftest import OTHER_SLUG, SLUG, LogIn, Supporters

LIST = f"/organiser/petitions/{SLUG}/signatures"
AT = datetime(2026, 11, 16, 12, tzinfo=UTC)


def names(page: BeautifulSoup) -> list[str]:
    return [cell.get_text(strip=True) for cell in page.select("tbody th")]


def find(client: ReadingClient, email: str, path: str = LIST) -> TestResponse:
    return client.submit(
        path, client.visit(path), {"email": email}, form="form.filters[method=post]"
    )


def test_a_petition_that_nobody_signed_says_so(log_in: LogIn, supporters: Supporters) -> None:
    assert "Nobody has signed yet" in log_in().visit(LIST).get_text()


def test_the_newest_comes_first_with_what_is_known(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada One", at=AT)
    supporters.sign(
        "Bea Two", at=AT + timedelta(minutes=70), country="FR", visibility=Visibility.FULL_NAME
    )
    page = log_in(Role.MODERATOR).visit(LIST)

    assert names(page) == ["Bea Two", "Ada One"]
    first = page.select("tbody tr")[0].get_text(" ", strip=True)
    for shown in ("France", "Confirmed", "16 November 2026, 13:10 UTC", "Full name"):
        assert shown in first


def test_markup_and_right_to_left_names_are_shown_as_text(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("<b>Ada</b> & Co", email="a@example.org", reason="</td><script>")
    supporters.sign("أمينة", email="b@example.org")
    page = log_in().visit(LIST)

    assert names(page) == ["أمينة", "<b>Ada</b> & Co"]
    assert "</td><script>" in page.get_text()


def test_pages_hold_fifty_and_lead_forth_and_back(log_in: LogIn, supporters: Supporters) -> None:
    for number in range(120):  # of one moment in pairs: the number decides between them
        at = AT + timedelta(seconds=number // 2)
        supporters.sign(f"Signer {number}", at=at, confirmed=False)
    client, seen, path = log_in(), [], LIST
    pages = []
    for _ in range(3):
        page = client.visit(path)
        pages.append(names(page))
        seen += names(page)
        older = page.select_one("a[rel=next]")
        path = str(older["href"]) if older else ""

    assert [len(page) for page in pages] == [50, 50, 20]
    assert path == ""
    assert seen == [f"Signer {number}" for number in reversed(range(120))]

    back = client.visit(str(page.select_one("a[rel=prev]")["href"]))  # type: ignore[index]
    assert names(back) == pages[1]
    top = client.visit(str(back.select_one("a[rel=prev]")["href"]))  # type: ignore[index]
    assert names(top) == pages[0]
    assert top.select_one("a[rel=prev]") is None


@pytest.mark.parametrize("cursor", ["x", "====", "MS4x", "é", "LTk5OTk5OTk5OTk5OTk5OTk5OTk5OS4x"])
def test_a_place_that_is_none_of_ours_is_the_start(
    log_in: LogIn, supporters: Supporters, cursor: str
) -> None:
    supporters.sign("Ada One")
    client = log_in()
    for name in ("older", "newer"):
        assert client.get(LIST, query_string={name: cursor}).status_code == 200


def test_filters_choose_state_country_and_day(log_in: LogIn, supporters: Supporters) -> None:
    supporters.sign("Ada", at=AT)
    supporters.sign("Bea", at=AT, confirmed=False)
    supporters.sign("Cleo", at=AT, hold=HoldCause.MAIL_DOMAIN)
    supporters.sign("Dora", at=AT - timedelta(days=1), country="FR")
    gone = supporters.sign("Eva", at=AT)
    with transaction():
        withdraw(gone, AT)
    client = log_in()

    def chosen(**query: str) -> set[str]:
        answer = client.get(LIST, query_string=query)
        assert answer.status_code == 200
        return set(names(parse(answer.text)))

    assert chosen(state="confirmed") == {"Ada", "Cleo", "Dora"}
    assert chosen(state="pending") == {"Bea"}
    assert chosen(state="withdrawn") == {"Eva"}
    assert chosen(state="on_hold") == {"Cleo"}
    assert chosen(state="invalidated") == set()
    assert chosen(country="FR") == {"Dora"}
    assert chosen(day="2026-11-15") == {"Dora"}
    assert chosen(day="2026-11-16", state="confirmed", country="GB") == {"Ada", "Cleo"}


def test_a_day_is_a_utc_day_to_the_last_second(log_in: LogIn, supporters: Supporters) -> None:
    midnight = datetime(2026, 11, 16, tzinfo=UTC)
    for name, at in (
        ("Before", midnight - timedelta(microseconds=1)),
        ("First", midnight),
        ("Last", midnight + timedelta(days=1, microseconds=-1)),
        ("After", midnight + timedelta(days=1)),
    ):
        supporters.sign(name, at=at)
    page = parse(log_in().get(LIST, query_string={"day": "2026-11-16"}).text)

    assert names(page) == ["Last", "First"]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"state": "x"}, "Choose from the list"),
        ({"country": "XX"}, "Choose from the list"),
        ({"day": "yesterday"}, "Enter a day, like 2026-11-24"),
        ({"day": "9999-12-31"}, "Enter a day, like 2026-11-24"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(
    log_in: LogIn, supporters: Supporters, query: dict[str, str], words: str
) -> None:
    answer = log_in().get(LIST, query_string=query)

    assert answer.status_code == 422
    summary = parse(answer.text).select_one(".error-summary__list")
    assert summary is not None
    assert summary.get_text(strip=True) == words
    assert "Nobody has signed yet" not in answer.text


def test_reasons_that_may_be_shown_and_are_not_wait_to_be_read(
    log_in: LogIn, supporters: Supporters
) -> None:
    for name, seen in (("Ada One", Visibility.FULL_NAME), ("Bea Two", Visibility.PRIVATE)):
        supporters.sign(name, reason="Because", visibility=seen)
    supporters.sign("Cleo Three", visibility=Visibility.FULL_NAME)
    supporters.sign("Dora", reason="x", visibility=Visibility.FULL_NAME, confirmed=False)
    client = log_in()
    page = client.visit(f"{LIST}?state=to_read")
    assert names(page) == ["Ada One"]

    client.submit(LIST, page, {}, form="form[action*='/reason']")
    assert names(client.visit(f"{LIST}?state=to_read")) == []


def test_filters_stay_from_page_to_page(
    log_in: LogIn, supporters: Supporters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_ROWS", 1)
    for name in ("Ada", "Bea"):
        supporters.sign(name, country="FR")
        supporters.sign(f"{name} British")
    client = log_in()
    page = client.visit(f"{LIST}?country=FR")
    older = client.visit(str(page.select_one("a[rel=next]")["href"]))  # type: ignore[index]

    assert names(page) + names(older) == ["Bea", "Ada"]


def test_a_signature_is_found_by_any_spelling_of_its_address(
    log_in: LogIn, supporters: Supporters
) -> None:
    supporters.sign("Ada One", email="ada.one@gmail.com")
    supporters.sign("Bea Two")
    client = log_in()
    answer = find(client, "AdaOne+news@googlemail.com")

    assert names(parse(answer.text)) == ["Ada One"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "gmail" not in answer.request.url
    assert "Nobody with this address" in find(client, "nobody@example.org").text
    malformed = find(client, "ada")
    assert malformed.status_code == 422
    assert parse(malformed.text).select(".entry__empty") == []


def test_a_signature_is_found_under_its_own_petition_only(
    log_in: LogIn, supporters: Supporters
) -> None:
    signature = supporters.sign("Ada One")
    client = log_in()
    elsewhere = f"/organiser/petitions/{OTHER_SLUG}/signatures"
    page = client.visit(LIST)
    token = page.select_one("input[name=csrf_token]")
    assert token is not None

    assert "Nobody with this address" in find(client, "ada.one@example.org", elsewhere).text
    for verb in ("accept", "strike", "reason"):
        data = {"csrf_token": token["value"], "why": "test", "shown": "yes"}
        assert client.post(f"{elsewhere}/{signature.id}/{verb}", data=data).status_code == 404


def test_an_auditor_sees_the_list_and_no_person_in_it(
    log_in: LogIn, supporters: Supporters
) -> None:
    at = AT + timedelta(minutes=10)
    supporters.sign("Ada One", reason="Because it matters", hold=HoldCause.NETWORK, at=at)
    client = log_in(Role.AUDITOR)
    answer = client.get(LIST)

    assert "Ada One" not in answer.text
    assert "Because it matters" not in answer.text
    page = parse(answer.text)
    assert "Many forms came from one network" in page.get_text()
    assert "16 November 2026, 12:00–13:00 UTC" in page.get_text()
    assert page.select("main form[method=post]") == []


def test_names_are_opened_for_the_page_that_is_shown_only(
    log_in: LogIn, supporters: Supporters, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        supporters.sign(f"Signer {number}")
    monkeypatch.setattr(listing, "PAGE_ROWS", 2)
    opened: list[int] = []
    really_open = Signature.opened

    def watched(signature: Signature) -> Person:
        opened.append(signature.id)
        return really_open(signature)

    monkeypatch.setattr(Signature, "opened", watched)
    log_in().visit(LIST)

    assert len(opened) == 2
