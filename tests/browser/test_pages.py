"""Every public page as it is seen: both directions and schemes, small and large, on paper."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Shoot
from tests.browser.visits import LOOKED_AT, page_called, too_wide, visit
from tests.grounds.accessibility import violations
from tests.grounds.browsing import PHONE, NewPage
from tests.grounds.install import Install
from tests.grounds.public_pages import PUBLIC_PAGES
from tests.grounds.weighing import Scales

HEAVIEST = 100_000
NARROW = [(PHONE["width"], PHONE["height"]), (320, 740), (320, 256), (640, 450)]
"""A phone, the narrowest phone, a desktop window at 400 % and at 200 %."""
IN_README = [
    (page, lang, device)
    for page in ("home", "petition")
    for lang in LOOKED_AT
    for device in ("desktop", "phone")
]
LOOKS = [
    *(("en", "light", "desktop"), ("en", "dark", "phone")),
    *(("ar", "light", "phone"), ("ar", "dark", "desktop")),
]
"""Each language in each scheme and on each device, and each scheme on each device."""
PARTS = 4
"""In how many parts all pages are looked at, so that no one test is what a run waits for."""
MOVES = """() => [document.documentElement, ...document.querySelectorAll("body, body *")]
    .filter(one => ["", "::before", "::after"].some(part => {
        const style = getComputedStyle(one, part || null);
        return style.scrollBehavior === "smooth" || style.animationName !== "none"
            || style.transitionDuration.split(", ").some(time => parseFloat(time) > 0);
    }))
    .map(one => one.outerHTML.slice(0, 90))"""

pytestmark = [pytest.mark.browser, pytest.mark.slow("axe reads a dozen pages, and more, in each")]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("lang", "scheme", "device"), LOOKS)
def test_every_page_is_light_fits_and_shuts_nobody_out(
    install: Install,
    new_page: NewPage,
    shoot: Shoot,
    lang: str,
    scheme: str,
    device: str,
    part: int,
) -> None:
    page = new_page(phone=device == "phone", color_scheme=scheme)
    scales = Scales().under(page)
    for shown in PUBLIC_PAGES[part::PARTS]:
        name = f"{shown.name}-{lang}-{scheme}-{device}"
        visit(page, install, shown, lang, scales)
        assert scales.total <= HEAVIEST, f"{name}: {scales.bill()}"
        assert violations(page) == [], name
        shoot(page, name)
        if device == "phone":
            assert [line for size in reversed(NARROW) for line in too_wide(page, *size)] == [], name


def test_the_scales_say_what_weighs_how_much(install: Install, new_page: NewPage) -> None:
    page = new_page()
    scales = Scales().under(page)
    visit(page, install, page_called("home"), "en", scales)
    first = scales.total
    visit(page, install, page_called("home"), "en", scales)

    assert abs(scales.total - first) < first * 0.05, "the second visit weighs as much: no cache"
    assert scales.total > len(install.client.get("/en/").data)
    assert re.search(r"\d+\.\d kB  /en/$", scales.bill(), re.MULTILINE)
    assert re.search(r"\d+\.\d kB  /site-\w+\.css$", scales.bill(), re.MULTILINE)


@pytest.mark.parametrize("lang", LOOKED_AT)
def test_every_page_says_what_it_is_without_scripts_and_pictures(
    install: Install, new_page: NewPage, lang: str
) -> None:
    def send_nothing(route: Route) -> None:
        route.fulfill(status=200, body="", content_type="image/png")

    page = new_page(js=False, phone=True)
    page.route(lambda url: url.endswith((".png", ".svg", ".jpg", ".webp", ".ico")), send_nothing)
    for shown in PUBLIC_PAGES:
        if shown.sends is None:  # what is sent is sent by a script here; journeys press buttons
            visit(page, install, shown, lang)
            heading = page.get_by_role("heading", level=1)
            expect(heading).to_be_visible()
            expect(heading).not_to_be_empty()


@pytest.mark.parametrize(("shown", "lang", "device"), IN_README)
def test_the_readme_shows_the_first_view(
    install: Install, new_page: NewPage, gallery: Path, shown: str, lang: str, device: str
) -> None:
    page = new_page(phone=device == "phone", color_scheme="light")
    visit(page, install, page_called(shown), lang)

    page.screenshot(path=gallery / f"{shown}-{lang}-{device}.png")


def test_on_paper_the_text_stays_and_what_is_for_the_screen_goes(
    install: Install, new_page: NewPage, gallery: Path
) -> None:
    page = new_page(color_scheme="dark")
    visit(page, install, page_called("petition"), "en")
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".memo")).to_be_visible()
    expect(page.locator(".progress__number")).to_have_text("1,243")
    expect(page.get_by_text("Sign at http://")).to_be_visible()
    for gone in (".sign", ".masthead__nav", ".colophon", ".progress__more", ".file__jump"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    page.screenshot(path=gallery / "petition-en-print.png", full_page=True)
    visit(page, install, page_called("numbers"), "en")
    expect(page.locator(".chart__fold table")).to_be_visible()
    page.screenshot(path=gallery / "numbers-en-print.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_forced_colours_marks_stand_out_from_the_ground(
    install: Install, new_page: NewPage, gallery: Path, scheme: str
) -> None:
    page = new_page(color_scheme=scheme, forced_colors="active")
    ink, ground = (
        ("0, 0, 0", "255, 255, 255") if scheme == "light" else ("255, 255, 255", "0, 0, 0")
    )
    for name in ("home", "petition-errors", "numbers", "manage"):
        visit(page, install, page_called(name), "en")
        page.screenshot(path=gallery / f"{name}-en-forced-{scheme}.png", full_page=True)
    visit(page, install, page_called("numbers"), "en")
    expect(page.locator("html")).to_have_css("background-color", f"rgb({ground})")
    expect(page.locator(".chart__mark").first).to_have_css("fill", f"rgb({ink})")
    visit(page, install, page_called("home"), "en")
    expect(page.locator(".dossier__front")).to_have_css("fill", f"rgb({ground})")
    expect(page.locator(".button--primary")).to_have_css("border-top-width", "3px")


def test_nothing_moves_for_those_who_do_not_want_it(install: Install, new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    for name in ("home", "petition", "manage"):
        visit(page, install, page_called(name), "en")
        assert page.evaluate(MOVES) == [], name
