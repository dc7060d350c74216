"""Back leads to a page of ours, never to the browser's own about a form to be sent anew."""

import pytest
from playwright.sync_api import Page, expect

from tests.grounds.browsing import NewPage
from tests.grounds.install import Install

pytestmark = pytest.mark.browser


def leave_and_come_back(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Magnitsky Month 2026")
    page.go_back()


def test_back_to_the_inbox_page_of_a_letter_needs_no_script(
    install: Install, new_page: NewPage
) -> None:
    page = new_page(js=False)
    page.goto(f"{install.url}/en/letters/draft/{install.draft_token()}/preview")
    page.get_by_role("button", name="Send my letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    leave_and_come_back(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
