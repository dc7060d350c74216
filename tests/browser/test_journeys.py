"""The main job, end to end, as the people who do it meet it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.people import Organiser, Supporter
from tests.grounds.browsing import NewPage
from tests.grounds.servers import ONE_PROCESS, Server, StartServer

TITLE = "Give the European Union a power against corruption"
ADA = "ada@example.org"
OWNER = "owner@example.org"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("js", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_supporter_signs_and_an_organiser_downloads_a_csv_that_has_her(
    start_server: StartServer, new_page: NewPage, tmp_path: Path, js: bool, phone: bool
) -> None:
    server = start_server(**ONE_PROCESS)
    ada = Supporter(new_page(js=js, phone=phone), server, js)
    ada.opens_petition(TITLE)
    before = ada.count()
    ada.presses("Sign")
    expect(ada.page).to_have_title(f"Error: {TITLE} – Magnitsky Month")
    expect(ada.page.get_by_role("alert")).to_contain_text("Enter your full name")
    ada.fills_in(name="Ada Sample", email=ADA, country="GB", reason="It is time.")
    ada.page.wait_for_timeout(2_100)  # what a person needs, and a program does not
    ada.presses("Sign")
    ada.sees("Check your inbox")
    expect(ada.page.get_by_text(ADA)).to_be_visible()

    ada.opens_mail(ADA)
    ada.follows_link()
    ada.sees("Confirm your signature")
    ada.presses("Confirm my signature")
    ada.sees("Your signature is confirmed")
    ada.page.get_by_role("link", name=TITLE).click()
    ada.sees_count_of(before + 1)

    owner = Organiser(new_page(js=js, phone=phone), server, js)
    owner.accepts_invitation(name="Olu Sample", email=OWNER)
    owner.sees("Your recovery codes")
    owner.logs_out_and_in(email=OWNER)
    owner.sees("Petitions")
    rows = owner.downloads_csv(TITLE, tmp_path)
    assert [(row["name"], row["email"], row["state"]) for row in rows] == [
        ("Ada Sample", ADA, "confirmed")
    ]
    owner.page.get_by_role("link", name="All files").click()
    owner.sees("Files")
    expect(owner.page.get_by_text("To hand the petition over")).to_be_visible()


def test_a_supporter_changes_her_mind_and_everything_about_her_goes(
    live_server: Server, new_page: NewPage
) -> None:
    ada = Supporter(new_page(phone=True), live_server, js=True)
    ada.opens_petition(TITLE)
    ada.fills_in(name="Ada Sample", email=ADA, country="CA")
    ada.page.wait_for_timeout(2_100)  # what a person needs, and a program does not
    ada.presses("Sign")
    ada.opens_mail(ADA)
    ada.follows_link()
    ada.presses("Confirm my signature")
    ada.page.get_by_role("link", name="Open it now").click()
    ada.sees("Your signature")
    expect(ada.page.get_by_role("main")).to_contain_text("Canada")

    ada.page.get_by_text("First name and country").click()
    ada.presses("Save")
    expect(ada.page.get_by_role("main")).to_contain_text("Saved")
    ada.page.get_by_text("Withdraw your signature").click()
    ada.presses("Withdraw my signature")
    expect(ada.page.get_by_role("main")).to_contain_text("no longer counts")
    ada.page.locator("summary", has_text="Erase everything").click()
    ada.presses("Erase everything")
    expect(ada.page.get_by_role("alert")).to_contain_text("Tick the box")
    ada.page.get_by_text("I understand that this cannot be undone").click()
    ada.presses("Erase everything")
    ada.sees("Everything is erased")
