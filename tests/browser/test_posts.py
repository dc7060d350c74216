"""What a real browser says of the page that a form stood on, where it has no newer word for it."""

import pytest
from playwright.sync_api import Request

from tests.browser.people import Supporter
from tests.grounds.browsing import NewPage
from tests.grounds.servers import Server

TITLE = "Give the European Union a power against corruption"

pytestmark = pytest.mark.browser


def test_a_form_for_everybody_names_our_origin_and_one_under_a_secret_link_does_not(
    live_server: Server, new_page: NewPage
) -> None:
    ada = Supporter(new_page(js=False), live_server, js=False)
    posts: list[Request] = []
    ada.page.on("request", lambda sent: posts.append(sent) if sent.method == "POST" else None)

    ada.opens_petition(TITLE)
    ada.presses("Sign")
    ada.page.goto(f"{live_server.url}/en/letters/letter-on-human-trafficking")
    ada.presses("Begin my letter")
    ada.page.get_by_role("textbox", name="Full name").fill("Ada Sample")
    ada.page.get_by_role("textbox", name="E-mail address").fill("ada@example.org")
    ada.page.get_by_label("Country where you live").select_option("GB")
    ada.presses("Begin my letter")
    ada.presses("Continue")

    said = [post.all_headers() for post in posts]
    assert [one["origin"] for one in said] == [live_server.url] * 3 + ["null"]
    assert ["referer" in one for one in said] == [True] * 3 + [False]
    assert ada.page.locator("h1").inner_text() == "Why it matters to you"
