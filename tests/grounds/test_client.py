"""The reading client on the product itself."""

import pytest
from flask import Flask

from tests.grounds.client import ReadingClient
from tests.grounds.pages import PageFault


def test_a_page_of_the_product_is_read(client: ReadingClient) -> None:
    page = client.visit("/en/nothing-here", status=404)

    assert page.h1 is not None


def test_a_broken_page_fails_at_once(fresh_app: Flask) -> None:
    fresh_app.add_url_rule("/broken", view_func=lambda: "<title>Broken</title><p>No heading")

    with pytest.raises(PageFault, match="0 h1"):
        fresh_app.test_client().get("/broken")


def test_a_public_page_with_a_cookie_fails_at_once(fresh_app: Flask) -> None:
    fresh_app.add_url_rule("/baked", view_func=lambda: ("", 204, {"Set-Cookie": "a=b"}))

    with pytest.raises(PageFault, match="sets a cookie"):
        fresh_app.test_client().get("/baked")
