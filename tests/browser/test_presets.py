"""Presets of a team as they are written down on a phone and used."""

import re

import pytest
from playwright.sync_api import expect

from petition.organisers.models import Organiser, Role
from tests.browser.conftest import Shoot
from tests.browser.test_desk import PETITION, at_work
from tests.grounds.browsing import NewPage
from tests.grounds.install import Install
from tests.organisers.people import enrol, join

pytestmark = pytest.mark.browser
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module")
def exporter(install: Install) -> Organiser:
    """An organiser of the install."""
    organiser = join(Role.EXPORTER)
    enrol(organiser)
    return organiser


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_an_exporter_writes_a_preset_down_on_a_phone_and_finds_it_where_a_file_is_made(
    js: bool, install: Install, exporter: Organiser, new_page: NewPage, shoot: Shoot
) -> None:
    page, name = at_work(new_page(js=js, phone=True), install, exporter), f"For the press, {js}"
    page.goto(f"{install.url}{PETITION}/exports")
    page.get_by_role("link", name="Make or change presets").click()
    page.get_by_role("link", name="Begin with nothing").click()
    page.get_by_label("Name", exact=True).fill(name)
    rows = page.locator(".preset-rows__row")
    for number in range(4):
        rows.nth(number).get_by_label("Column").select_option("name")
        rows.nth(number).get_by_label("Heading").fill(f"Heading {number}")
    page.get_by_role("button", name="Add a column").click()
    expect(rows).to_have_count(5)
    page.get_by_role("button", name="Save the preset").click()

    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(3)
    assert not page.evaluate(WIDER_THAN_THE_WINDOW)
    shoot(page, "preset-with-errors")
    for number, column in enumerate(["email", "country", ""], 1):
        rows.nth(number).get_by_label("Column").select_option(column)
    rows.nth(2).get_by_label("Place").select_option("1")
    page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_text("The preset is saved")).to_be_visible()
    expect(page.get_by_text("Columns: Heading 2, Heading 0, Heading 1.").first).to_be_visible()
    assert not page.evaluate(WIDER_THAN_THE_WINDOW)

    page.goto(f"{install.url}{PETITION}/exports")
    if page.get_by_text(name, exact=True).is_hidden():
        page.get_by_text("Your team’s").click()
    page.get_by_text(name, exact=True).check()
    formats = page.get_by_role("group", name=re.compile("Format"))
    expect(formats.get_by_role("radio")).to_have_count(3 if js else 4)
    shoot(page, "preset-chosen")
    assert not page.evaluate(WIDER_THAN_THE_WINDOW)
