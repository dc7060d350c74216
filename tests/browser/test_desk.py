"""The organisers' pages as they are seen and worked with."""

import pytest
from playwright.sync_api import Page, expect

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.exports.actions import begin
from petition.exports.composing.actions import make as make_preset
from petition.exports.composing.drafts import OwnPresetDraft, draft_from
from petition.exports.models import Contents, ExportPreset
from petition.organisers.models import Organiser
from tests import factories
from tests.browser.conftest import Shoot
from tests.browser.visits import too_wide
from tests.deliveries.making import planned
from tests.deliveries.pack.asking import asked
from tests.factories import SLUG
from tests.grounds.browsing import NewPage
from tests.grounds.exporting import work_off
from tests.grounds.install import Install, ask
from tests.organisers.people import code_of, enrol, join
from tests.web.organiser.conftest import begin_session
from tests.web.organiser.door.test_access import pages

PETITION = f"/organiser/petitions/{SLUG}"
REASON = ("Whoever profits from it should not shop here. " * 11)[:500]
CUT_OFF = """region => {
    const edge = region.getBoundingClientRect().right + 0.5;
    return [...region.querySelectorAll("*")]
        .filter(one => one.getBoundingClientRect().right > edge)
        .map(one => one.outerHTML.slice(0, 90));
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def owner(install: Install) -> Organiser:
    """An organiser of the install."""
    organiser = join()
    enrol(organiser)
    return organiser


def at_work(page: Page, install: Install, organiser: Organiser) -> Page:
    """Let an organiser be logged in at a browser."""
    client = install.client
    begin_session(client, organiser)
    cookie = client.get_cookie("organiser")
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": install.url}])
    return page


def test_a_signature_with_a_long_reason_is_invalidated_without_scrolling_sideways(
    install: Install, owner: Organiser, new_page: NewPage, shoot: Shoot
) -> None:
    """In a window of 1280 pixels, with a long name of a country too."""
    given = {"name": "Nadia Example-Sample", "country": "BA", "reason": REASON}
    factories.signed(ask(), factories.signer(**given))
    page = at_work(new_page(), install, owner)
    page.goto(f"{install.url}{PETITION}/signatures")
    page.locator("summary", has_text="Invalidate").first.click()
    shoot(page, "signatures-to-invalidate")

    expect(page.get_by_role("button", name="Invalidate it").first).to_be_visible()
    assert page.locator(".data-table").evaluate(CUT_OFF) == []


def test_an_exporter_has_a_file_made_sees_how_far_it_is_and_takes_it_away(
    install: Install, owner: Organiser, new_page: NewPage, shoot: Shoot
) -> None:
    page = at_work(new_page(), install, owner)
    page.goto(f"{install.url}{PETITION}/exports")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what you need the file for")
    page.get_by_role("textbox", name="What you need").fill("To hand the petition over")
    page.get_by_text("For a tool that sends mail").click()
    page.get_by_text("OSDI", exact=True).click()
    formats = page.get_by_role("group", name="Format")
    expect(formats.get_by_role("radio")).to_have_count(1)
    expect(formats.get_by_role("radio", name="JSON Lines")).to_be_checked()
    page.get_by_text("Spreadsheet", exact=True).click()
    page.get_by_text("CSV", exact=True).click()
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    shoot(page, "export-waiting")
    work_off()
    expect(page.get_by_role("button", name="Download CSV")).to_be_visible()
    shoot(page, "export-ready")

    page.get_by_role("button", name="Download CSV").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the code")
    assert page.title().startswith("Error: ")
    page.get_by_role("textbox", name="Code").fill(code_of(owner))
    with page.expect_download():
        page.get_by_role("button", name="Download CSV").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".field__error, [aria-invalid]")).to_have_count(0)
    assert page.title().startswith("File ")

    page.get_by_role("link", name="All files").click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator(".data-table").evaluate(CUT_OFF) == []


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_packs_of_a_delivery_fit_the_window(
    install: Install, owner: Organiser, new_page: NewPage, shoot: Shoot, phone: bool
) -> None:
    delivery = planned(owner.id)
    asked(delivery, owner.id)
    page = at_work(new_page(phone=phone), install, owner)
    page.goto(f"{install.url}/organiser/deliveries/{delivery}")
    shoot(page, f"packs-{'phone' if phone else 'desktop'}")

    expect(page.get_by_role("link", name="Pack", exact=False).first).to_be_visible()
    assert page.locator(".data-table").evaluate(CUT_OFF) == []


def test_no_page_of_the_desk_is_wider_than_its_window(
    install: Install, owner: Organiser, new_page: NewPage, shoot: Shoot
) -> None:
    """With a preset, a file that waits and one to be looked at, and a pack; also on a phone."""
    draft = OwnPresetDraft(
        "A preset of a team with a long name", draft_from(ExportPreset.SPREADSHEET).columns
    )
    with transaction():
        make_preset(draft, owner.id, now())
    delivery = planned(owner.id)
    asked(delivery, owner.id)
    page = at_work(new_page(), install, owner)
    for where in ("waiting", "ready"):
        factories.signed(ask(), factories.signer(f"{where}@example.org"))
        with transaction():
            begin(ask().petition_id, owner.id, "For the embassy", Contents(), now())
        work_off()
    shown = [url for _, method, url in pages(install.app) if method == "GET"]
    for url in shown:
        answer = page.goto(f"{install.url}{url}")
        name = url.strip("/").replace("/", "-")
        for width in (1280, 360):
            assert too_wide(page, width, 900) == [], f"{url} at {width}"
            if answer is not None and answer.status == 200:
                shoot(page, f"desk-{name}-{width}")
