"""Who may keep which page, and what a burst of readers costs."""

import gc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petition.core.memory import Memory, forget_everything, sweep
from petition.core.storage.database import transaction
from petition.signatures.models import Tally
from petition.web.keeping import pages, slots
from tests.factories import let_reason_appear, make_petition, newest_signature
from tests.web.public.people import (
    Person,
    given,
    newest_link,
    page_of,
    pages_stay_fresh,
    without_tokens,
)

pytestmark = pytest.mark.any_database

READERS = 200
GAP = "/en/gaps/sanction-human-trafficking"
TO_READ = ["/en/", page_of(), f"{page_of()}/numbers", "/en/privacy"]


@contextmanager
def renderings(app: Flask) -> Iterator[Counter[str]]:
    """Count how often each template is rendered, in whatever thread."""
    seen: Counter[str] = Counter()

    def note(_sender: Flask, template: Any, **_more: object) -> None:
        seen[str(template.name)] += 1

    with template_rendered.connected_to(note, app):
        yield seen


def ask(app: Flask, path: str, **headers: str) -> TestResponse:
    """Ask as a browser of its own."""
    return FlaskClient(app, app.response_class, use_cookies=False).get(path, headers=headers)


@pytest.mark.parametrize("path", TO_READ)
def test_a_burst_of_readers_costs_one_rendering(
    path: str, person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_stay_fresh(60.0, monkeypatch)  # however slow this machine is
    forget_everything()
    with renderings(app) as seen, ThreadPoolExecutor(READERS) as pool:
        answers = list(pool.map(lambda _: ask(app, path), range(READERS)))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert [times for name, times in seen.items() if name.startswith("public/")] == [1]


@pytest.mark.parametrize("path", TO_READ)
def test_whoever_has_the_page_is_not_sent_it_again(
    path: str, person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_stay_fresh(60.0, monkeypatch)
    forget_everything()
    page = person.client.get(path)
    etag = page.headers["ETag"]
    with renderings(app) as seen:
        again = ask(app, path, **{"If-None-Match": etag})
        among_others = ask(app, path, **{"If-None-Match": f'"other", W/{etag}'})
        changed = ask(app, path, **{"If-None-Match": '"other"'})

    assert not etag.startswith("W/")
    assert seen == Counter()
    for answer in (again, among_others):
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == etag
        assert answer.headers["Cache-Control"] == page.headers["Cache-Control"]
        assert "Content-Length" not in answer.headers
        assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())
    assert (changed.status_code, changed.data) == (200, page.data)


@pytest.mark.parametrize("path", TO_READ)
def test_a_head_is_the_page_without_its_body(path: str, person: Person) -> None:
    forget_everything()
    page, head = person.client.get(path), person.client.head(path)

    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Cache-Control", "Content-Type", "Content-Length"):
        assert head.headers[name] == page.headers[name]
    answer = person.client.head(path, headers={"If-None-Match": page.headers["ETag"]})
    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.parametrize(
    "condition",
    [
        {"If-Match": '"other"'},
        {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"Range": "bytes=0-9", "If-Range": '"other"'},
        {"Range": "bytes=0-9"},
    ],
)
def test_no_request_makes_an_error_or_a_piece_of_a_page_that_caches_keep(
    condition: dict[str, str], person: Person, app: Flask
) -> None:
    page = person.client.get("/en/")
    answer = ask(app, "/en/", **condition)

    assert (answer.status_code, answer.data) == (200, page.data)


def test_a_page_that_changes_changes_its_name(person: Person) -> None:
    before = person.client.get("/en/").headers["ETag"]
    person.has_signed()
    forget_everything()

    assert person.client.get("/en/").headers["ETag"] != before


@pytest.mark.parametrize("path", [*TO_READ, GAP])
def test_a_page_that_shows_what_it_showed_before_is_not_rendered_again(
    path: str, person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_stay_fresh(0.0, monkeypatch)
    first = ask(app, path)
    with renderings(app) as seen:
        second = ask(app, path)

    assert seen == Counter()
    assert without_tokens(second.text) == without_tokens(first.text)


def test_a_page_shows_what_has_changed(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages_stay_fresh(0.0, monkeypatch)
    paths = ["/en/", page_of(), GAP]
    before = [ask(app, path).text for path in paths]
    petition_id = make_petition().id
    with transaction() as writing:
        writing.merge(Tally(petition_id=petition_id, count=4_321))

    for path, was in zip(paths, before, strict=True):
        assert "4,321" in ask(app, path).text
        assert "4,321" not in was


def test_no_answer_to_a_post_may_be_kept(person: Person) -> None:
    manage = person.has_signed(email="nadia@example.org", organiser_mail="yes")
    person.signs(email="other@example.org")
    wrong = [
        person.client.post(path)
        for path in (
            page_of(),
            f"{page_of()}/manage",
            newest_link("other@example.org"),
            "/en/confirm/unknown/decline",
            *(f"{manage}/{verb}" for verb in ("appearance", "mail", "withdraw", "erase")),
            "/en/nothing",
        )
    ]
    good = person.signs(**given(email="third@example.org"))

    assert {answer.headers["Cache-Control"] for answer in [*wrong, good]} == {"no-store"}
    assert [answer for answer in [*wrong, good] if "ETag" in answer.headers] == []


def test_a_full_cache_drops_its_oldest_page_alone(app: Flask) -> None:
    forget_everything()
    with app.test_request_context("/"):
        for number in range(pages.MOST_PAGES + 1):
            pages.cached_page(("page", str(number)), lambda: "a page")

    kept = [pages._pages.get(("page", str(number))) is not None for number in range(3)]
    assert kept == [False, True, True]
    assert len(pages._pages) == pages.MOST_PAGES
    forget_everything()


@pytest.mark.parametrize("kind", ["petitions", "letters", "gaps", "events", "reports", "embed"])
def test_no_stranger_fills_the_cache_with_pages_that_are_none(kind: str, person: Person) -> None:
    forget_everything()
    for number in range(20):
        assert person.client.get(f"/en/{kind}/made-up-{number}").status_code == 404

    assert len(pages._pages) == 0


def test_who_waits_in_vain_for_anothers_rendering_renders_alone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "WAITING_SECONDS", 0.1)
    begun, answered = Event(), Event()

    def for_long() -> str:
        begun.set()
        answered.wait(30)
        return "a page"

    with ThreadPoolExecutor(1) as others:
        slow = others.submit(slots.filled_page, ("slow",), for_long, {})
        assert begun.wait(30)
        alone = slots.filled_page(("slow",), lambda: "the same page", {})
        assert not slow.done()
        answered.set()

    assert (alone, slow.result()) == ("the same page", "a page")


def test_two_people_see_one_page_with_what_is_their_own_and_none_of_it_is_kept(
    person: Person, app: Flask
) -> None:
    people = {"Nadia Sample": "nadia@example.org", "Jonas Example": "jonas@example.org"}
    seen: list[tuple[list[str], str]] = []
    forget_everything()
    for name, email in people.items():
        person.signs(name=name, email=email)
        path = newest_link(email)
        confirming, receipt = ask(app, path).text, person.confirms(email)
        secrets = [address.split("/")[3] for address in (path, receipt)]
        seen.append(([name, email, *secrets], confirming + ask(app, receipt).text))

    kept = repr(slots._shapes._kept)
    assert "public/petitions/confirming/show.html" in kept
    assert "public/petitions/managing/receipt.html" in kept
    for (own, pages_of_one), (others, _pages) in zip(seen, reversed(seen), strict=True):
        assert [word for word in own if word not in pages_of_one] == []
        assert [word for word in others if word in pages_of_one] == []
        assert [word for word in own if word in kept] == []


def test_what_pages_said_of_a_person_leaves_memory_when_its_time_is_over(
    person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.has_signed(name="Nadia Sample", visibility="full_name", reason="Because of it")
    with transaction() as writing:
        let_reason_appear(writing.merge(newest_signature()))
    forget_everything()
    for path in (page_of(), f"{page_of()}?again"):
        assert "Nadia Sample" in ask(app, path).text
    ours = [one for one in gc.get_objects() if type(one) is Memory]
    naming = [one for one in ours if "Nadia Sample" in repr(one._kept)]
    assert len(naming) > 1
    assert max(one.fresh_seconds for one in naming) <= 60
    for memory in naming:
        monkeypatch.setattr(memory, "fresh_seconds", 0.0)
    sweep()

    assert [one for one in naming if "Nadia Sample" in repr(one._kept)] == []
