"""Cards: the picture and the words that go with a link."""

import io
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from threading import Event

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image

from petition.core.memory import forget_everything
from petition.core.printing import typesetting
from petition.core.printing.typesetting import TypesettingBusy, TypesettingFailed
from petition.web.keeping import files
from petition.web.keeping.files import MOST_WAITING, Contents, kept_file
from petition.web.public.petitions.social_cards import locale_of
from tests.factories import make_ask, signed
from tests.grounds.client import path_of
from tests.web.public.people import Person, page_of, words

pytestmark = pytest.mark.any_database

CARD = f"{page_of()}/card.png"
CARDS = [CARD, "/en/card.png"]


def said(page: BeautifulSoup) -> dict[str, str]:
    """Return what a page says of itself to those who show a link to it."""
    return {
        str(tag.get("property") or tag["name"]): str(tag["content"])
        for tag in page.select("meta[property], meta[name]")
    }


@pytest.mark.parametrize("path", CARDS)
def test_a_card_is_a_picture_of_the_size_that_others_expect(path: str, person: Person) -> None:
    answer = person.client.get(path)

    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    picture = Image.open(io.BytesIO(answer.data))
    assert (picture.size, picture.format) == ((1200, 630), "PNG")
    assert len(answer.data) < 150_000


@pytest.mark.parametrize("path", CARDS)
def test_a_card_may_be_kept_and_shown_by_anyone(path: str, person: Person) -> None:
    answer = person.client.get(path)

    assert answer.headers["Cache-Control"].startswith("public, max-age=300")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    again = person.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("page", "card", "title"),
    [
        (page_of(), CARD, "Use these sanctions against human trafficking"),
        ("/en/", "/en/card.png", "Magnitsky Month 2026"),
    ],
)
def test_a_page_says_what_others_may_show_of_it(
    page: str, card: str, title: str, person: Person
) -> None:
    shown = said(person.client.visit(page))

    assert shown["og:image"] == f"http://localhost{card}"
    assert shown["og:url"] == f"http://localhost{page}"
    assert shown["og:title"] == title
    assert shown["og:image:alt"].startswith(title)
    assert (shown["og:image:width"], shown["og:image:height"]) == ("1200", "630")
    assert (shown["og:type"], shown["og:site_name"]) == ("website", "Magnitsky Month")
    assert shown["twitter:card"] == "summary_large_image"
    assert shown["og:locale"] == "en_US"
    assert shown["og:description"] == shown["description"]
    assert person.client.get(path_of(shown["og:image"])).status_code == 200


def test_the_card_shows_the_count_of_these_minutes(person: Person) -> None:
    before = person.client.get(CARD).data
    signed(make_ask())
    assert person.client.get(CARD).data == before
    forget_everything()

    assert person.client.get(CARD).data != before
    assert "1 person has signed" in said(person.client.visit(page_of()))["og:image:alt"]


def test_a_burst_costs_one_rendering_and_two_threads_that_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "WAITING_SECONDS", 60)
    forget_everything()
    made: list[Contents] = []
    may_end = Event()

    def make(contents: Contents) -> bytes:
        made.append(contents)
        assert may_end.wait(60)
        return b"file"

    with ThreadPoolExecutor(12) as crowd:
        readers = [crowd.submit(kept_file, ("a",), lambda: {"n": 1}, make) for _ in range(12)]
        told = list(islice(as_completed(readers, 60), 12 - 1 - MOST_WAITING))
        may_end.set()

    assert all(isinstance(one.exception(), TypesettingBusy) for one in told)
    assert {one.result() for one in readers if one not in told} == {b"file"}
    assert kept_file(("a",), lambda: {"n": 1}, make) == b"file"
    assert made == [{"n": 1}]


def test_a_burst_for_a_file_that_cannot_be_made_costs_one_try() -> None:
    forget_everything()
    tries: list[Contents] = []

    def make(contents: Contents) -> bytes:
        tries.append(contents)
        raise TypesettingFailed

    for _ in range(5):
        with pytest.raises(TypesettingFailed):
            kept_file(("a",), dict, make)
    assert len(tries) == 1


def test_a_card_that_cannot_be_made_says_so_and_is_stored_by_nobody(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "LONGEST_SECONDS", 0.01)
    answer = person.client.get(CARD)

    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    assert "We cannot make this file at the moment" in words(answer.text)


def test_there_is_no_card_of_what_does_not_exist(person: Person, app: Flask) -> None:
    for path in ("/en/petitions/nothing/card.png", "/xx/card.png"):
        person.client.visit(path, status=404)


def test_an_install_without_a_campaign_has_no_card(app: Flask) -> None:
    assert app.test_client().get("/en/card.png").status_code == 404


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en", "en_US"), ("fr", "fr_FR"), ("ar", "ar_EG"), ("ru", "ru_RU"), ("zh-TW", "zh_TW")],
)
def test_a_locale_has_its_territory(language: str, locale: str) -> None:
    assert locale_of(language) == locale
