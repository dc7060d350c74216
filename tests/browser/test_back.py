"""Back leads to a page of ours, never to the browser's own about a form to be sent anew."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visits import visit
from tests.grounds.browsing import NewPage
from tests.grounds.install import Install
from tests.grounds.public_pages import PUBLIC_PAGES, PublicPage

ANSWERS = [page for page in PUBLIC_PAGES if page.sends is not None]

pytestmark = pytest.mark.browser


def leave_and_come_back(page: Page) -> None:
    page.get_by_role("banner").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Magnitsky Month 2026")
    page.go_back()


@pytest.mark.parametrize("shown", ANSWERS, ids=[page.name for page in ANSWERS])
def test_back_to_what_answered_a_form_leads_to_the_page_at_its_address(
    install: Install, new_page: NewPage, shown: PublicPage
) -> None:
    """Where scripts run: without them a browser keeps no page that nobody may store."""
    page = new_page()
    visit(page, install, shown, "en")
    leave_and_come_back(page)

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_back_to_the_inbox_page_of_a_letter_needs_no_script(
    install: Install, new_page: NewPage
) -> None:
    page = new_page(js=False)
    page.goto(f"{install.url}/en/letters/draft/{install.draft_token()}/preview")
    page.get_by_role("button", name="Send my letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    leave_and_come_back(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
