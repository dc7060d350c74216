"""The public pages by keyboard alone: one sees where one is, and walks as one reads."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.visits import LOOKED_AT, page_called, visit
from tests.grounds.browsing import NewPage
from tests.grounds.install import Install
from tests.grounds.public_pages import PUBLIC_PAGES

MOST_STOPS = 150
WALKED_WHOLE = {"home", "embed", "embed-sign"}
"""The other pages have the head and the foot of the home page."""
STOP = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const look = () => ["", "::before", "::after"].map(part => {
        const style = getComputedStyle(one, part || null);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join();
    }).join();
    const form = one.closest(".sign__form"), box = one.getBoundingClientRect();
    const from = form || document.body;  // the form moves along with the window
    const top = box.top - from.getBoundingClientRect().top;
    const focused = look();
    one.blur();
    const left = look();
    one.focus();
    return {
        html: one.outerHTML.slice(0, 90), name: one.name || one.id, seen: focused !== left,
        form: Boolean(form), main: Boolean(one.closest("main")), top, left: box.left,
        width: box.width, height: box.height,
    };
}"""
START = """inMain => {
    document.activeElement.blur();
    if (inMain) document.querySelector("main").focus();
}"""

pytestmark = [pytest.mark.browser, pytest.mark.slow("presses Tab through whole pages")]


def stops(page: Page, *, in_main: bool = False) -> list[dict[str, Any]]:
    """Press Tab from the top of the page, or of what is its own, to the end; return the stops."""
    found: list[dict[str, Any]] = []
    page.evaluate(START, in_main)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (in_main and not stop["main"]):
            return found
        found.append(stop)
    raise AssertionError(f"After {MOST_STOPS} stops there is no end: {found[-3:]}")


def test_on_every_page_the_focus_can_be_seen(install: Install, new_page: NewPage) -> None:
    page = new_page()
    for shown in PUBLIC_PAGES:
        visit(page, install, shown, "en")
        is_whole = shown.name in WALKED_WHOLE
        found = stops(page, in_main=not is_whole)
        assert len(found) >= (3 if is_whole else 1), shown.name
        assert [stop["html"] for stop in found if not stop["seen"]] == [], shown.name


@pytest.mark.parametrize("forced", ["none", "active"])
@pytest.mark.parametrize("lang", LOOKED_AT)
def test_the_sign_form_is_walked_through_in_the_order_in_which_it_is_read(
    install: Install, new_page: NewPage, lang: str, forced: str
) -> None:
    page = new_page(forced_colors=forced)
    visit(page, install, page_called("petition"), lang)
    found = [stop for stop in stops(page) if stop["form"]]

    names = ["name", "email", "country", "visibility", "organiser_mail", "reason", ""]
    assert [stop["name"] for stop in found] == names
    assert [stop["top"] for stop in found] == sorted(stop["top"] for stop in found)
    assert all(stop["seen"] for stop in found)


def test_the_first_stop_leads_past_the_head_of_the_page(
    install: Install, new_page: NewPage
) -> None:
    page = new_page()
    visit(page, install, page_called("petition"), "en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
