"""Posts in great numbers: a client that does not read each page to its end, and what must hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from petition.petitions.asks import find_ask
from petition.web.forms import form_token
from tests.factories import SLUG, address
from tests.grounds.arriving import take_in_arrivals
from tests.grounds.client import ORIGIN
from tests.grounds.naughty import foreign_markup, is_whole_page
from tests.web.public.people import given, page_of

REFUSALS = {400, 403, 404, 405, 409, 410, 413, 415, 422}
TAKEN = {200, 302, 303, 304, 308}
WITHOUT_PAGE = {302, 303, 304, 308}


def hold(answer: TestResponse) -> TestResponse:
    """Hold an answer against what no input may bring about; return it."""
    assert answer.status_code in REFUSALS | TAKEN, answer.text[:400]
    assert "Set-Cookie" not in answer.headers
    if answer.mimetype == "text/html" and answer.status_code not in WITHOUT_PAGE:
        assert is_whole_page(answer.text), answer.text[:400]
        assert foreign_markup(answer.text) == []
    return answer


@dataclass
class Poster:
    """Sends forms as fast as it can."""

    app: Flask
    token: str

    @property
    def client(self) -> FlaskClient:
        """A client that only asks."""
        return FlaskClient(self.app, self.app.response_class, use_cookies=False)

    def sign(self, **changes: str) -> tuple[str, TestResponse]:
        """Sign with an address of its own unless one is given; return the address, the answer."""
        form = given(**{"email": address(), "token": self.token, **changes})
        return form["email"], self.post(page_of(), form)

    def post(self, path: str, form: Mapping[str, str]) -> TestResponse:
        """Post a form."""
        body = urlencode(form, errors="surrogatepass").encode()
        return self.raw(path, body)

    def raw(self, path: str, body: bytes, **options: Any) -> TestResponse:
        """Post octets as the body of a form, and hold the answer."""
        sent = {"content_type": "application/x-www-form-urlencoded", **options}
        headers = {"Origin": ORIGIN, **sent.pop("headers", {})}
        answer = hold(self.client.post(path, data=body, headers=headers, **sent))
        self.let_take_in()
        return answer

    def let_take_in(self) -> None:
        """Let a worker take in what was posted."""
        take_in_arrivals(self.app.config["PETITION"])

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page, and hold the answer."""
        return hold(self.client.get(path, **options))


def poster(app: Flask) -> Poster:
    """Return somebody who has had the form open for a while."""
    with app.app_context():
        ask = find_ask(SLUG, "en")
        assert ask is not None
        return Poster(app, form_token.issue(ask.petition_id, ask.text_id))
