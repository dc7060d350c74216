"""A page that was answered within the second is given out again without asking the application."""

import logging
from typing import Any

import pytest
from flask import Flask, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petition.core.log import log
from petition.core.memory import forget_everything
from tests.factories import SLUG
from tests.web.public.people import Person, page_of, pages_stay_fresh

pytestmark = pytest.mark.any_database

KEPT = ["/en/", page_of(), f"/en/embed/{SLUG}", f"{page_of()}/share", "/en/events.ics"]


class Asked(FlaskClient):
    """A visitor who counts how often the application was asked."""

    times = 0

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, and look whether the application hears of it."""
        with request_started.connected_to(self._note, self.application):
            return super().open(*args, **kwargs)

    def _note(self, _app: Flask, **_more: object) -> None:
        self.times += 1


@pytest.fixture
def visitor(person: Person, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """A visitor of a site whose pages stay fresh, however slow this machine is."""
    pages_stay_fresh(60.0, monkeypatch)
    forget_everything()
    return Asked(app, app.response_class, use_cookies=False)


@pytest.mark.parametrize("path", KEPT)
def test_a_fresh_page_is_given_out_again_as_it_was(path: str, visitor: Asked) -> None:
    first, again = visitor.get(path), visitor.get(path)

    assert visitor.times == 1
    assert (again.status, again.data) == (first.status, first.data)
    assert list(again.headers) == list(first.headers)
    assert "Content-Security-Policy" in again.headers


@pytest.mark.parametrize(
    "changed",
    [
        *({"query_string": query} for query in ("ref=mail", "poster", "source=A", "source=a&b=c")),
        {"headers": {"If-None-Match": '"other"'}},
        {"base_url": "http://other.example"},
        {"base_url": "https://localhost"},
        {"method": "HEAD"},
    ],
)
def test_whoever_asks_otherwise_asks_the_application(
    changed: dict[str, Any], visitor: Asked
) -> None:
    visitor.get("/en/")
    visitor.open("/en/", **changed)

    assert visitor.times == 2


def test_whoever_comes_from_a_source_gets_the_page_that_all_get(visitor: Asked) -> None:
    first = visitor.get(f"{page_of()}?source=newsletter-nov")
    again, plain = visitor.get(f"{page_of()}?source=poster"), visitor.get(page_of())

    assert visitor.times == 1
    assert first.data == again.data == plain.data


@pytest.mark.parametrize("path", ["/en/confirm/unknown", "/en/nothing", "/", "/healthz"])
def test_nothing_but_a_page_for_everyone_is_given_out_again(path: str, visitor: Asked) -> None:
    visitor.get(path)
    visitor.get(path)

    assert visitor.times == 2


def test_a_page_that_is_no_longer_fresh_is_asked_for(
    visitor: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/en/")
    pages_stay_fresh(0.0, monkeypatch)
    visitor.get("/en/")
    pages_stay_fresh(60.0, monkeypatch)
    visitor.get("/en/")
    assert visitor.times == 2

    forget_everything()
    visitor.get("/en/")
    assert visitor.times == 3


def test_the_log_has_a_line_for_it_like_any_other(
    visitor: Asked, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "propagate", True)
    with caplog.at_level(logging.INFO, logger=log.name):
        visitor.get(page_of())
        visitor.get(page_of())

    first, again = (vars(record)["fields"] for record in caplog.records)
    assert visitor.times == 1
    assert again | {"ms": 0} == first | {"ms": 0}
    assert again["rule"] == "/<language:lang>/petitions/<slug:slug>"
