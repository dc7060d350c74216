"""Signing on a phone from right to left, and the way to other languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.grounds.accessibility import grave_violations
from tests.grounds.browsing import NewPage
from tests.grounds.servers import Server

SLUG = "eu-corruption-sanctions"

pytestmark = pytest.mark.browser


def is_whole(page: Page) -> None:
    """Nothing sticks out at the side, and nothing shuts people out."""
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= shown
    assert grave_violations(page) == []


def test_somebody_in_cairo_signs_on_a_small_phone(live_server: Server, new_page: NewPage) -> None:
    page = new_page(phone=True, locale="ar-EG", viewport={"width": 360, "height": 740})
    page.goto(f"{live_server.url}/")
    expect(page).to_have_url(f"{live_server.url}/ar/")
    is_whole(page)
    page.goto(f"{live_server.url}/p/{SLUG}")
    expect(page).to_have_url(f"{live_server.url}/ar/petitions/{SLUG}")
    is_whole(page)

    page.get_by_role("button", name="التوقيع", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("هناك مشكلة")
    is_whole(page)
    page.get_by_role("textbox", name="الاسم الكامل").fill("ليلى مثال")
    page.get_by_role("textbox", name="عنوان البريد الإلكتروني").fill("layla@example.org")
    page.get_by_label("بلد الإقامة").select_option(label="مصر")
    page.get_by_role("radio", name="نعم").locator("..").click()
    page.wait_for_timeout(2_100)  # what a person needs, and a program does not
    page.get_by_role("button", name="التوقيع", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("الرجاء تفقّد بريدك الوارد")
    is_whole(page)


def test_a_radio_stands_before_its_words_in_both_directions(
    live_server: Server, new_page: NewPage
) -> None:
    """From right to left as from left to right, mirrored to the pixel."""
    page = new_page(viewport={"width": 360, "height": 740})
    edges = {}
    for language in ("en", "ar"):
        page.goto(f"{live_server.url}/{language}/petitions/{SLUG}")
        radio = page.locator("#visibility-0").bounding_box()
        field = page.locator("#visibility").bounding_box()
        assert radio is not None
        assert field is not None
        before = radio["x"] - field["x"]
        after = field["x"] + field["width"] - radio["x"] - radio["width"]
        edges[language] = (round(before), round(after))

    assert edges["ar"] == tuple(reversed(edges["en"]))
    assert edges["en"][0] < edges["en"][1]


def test_the_way_to_another_language_is_found_without_javascript(
    live_server: Server, new_page: NewPage
) -> None:
    page = new_page(js=False, phone=True)
    page.goto(f"{live_server.url}/en/petitions/{SLUG}")
    page.get_by_role("banner").get_by_role("link", name="English").click()
    page.get_by_role("navigation", name="Languages").get_by_role("link", name="Русский").click()

    expect(page).to_have_url(f"{live_server.url}/ru/petitions/{SLUG}")
    expect(page.get_by_role("button", name="Подписать", exact=True)).to_be_visible()
