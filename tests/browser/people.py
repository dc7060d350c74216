"""The people of the journeys, told in verbs."""

import csv
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyotp
from playwright.sync_api import Page, expect

from tests.grounds.accessibility import grave_violations
from tests.grounds.servers import Server

PASSWORD = "correct horse battery staple"
WAIT_SECONDS = 20.0


def wait_for(done: Callable[[], bool], complaint: str) -> None:
    """Wait until something holds; fail with `complaint` when it does not."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not done():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.1)


@dataclass
class Walker:
    """Somebody at a browser. With JavaScript on, each page visited is held against axe."""

    page: Page
    server: Server
    js: bool

    def sees(self, heading: str) -> None:
        """Find the page's heading, and nothing that shuts people out."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        if self.js:
            assert grave_violations(self.page) == []

    def presses(self, button: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=button, exact=True).click()


class Supporter(Walker):
    """Somebody who signs."""

    def opens_petition(self, title: str) -> None:
        """Find a petition on the campaign's page."""
        self.page.goto(self.server.campaign)
        if self.js:
            assert grave_violations(self.page) == []
        self.page.get_by_role("link", name=title).click()
        self.sees(title)

    def count(self) -> int:
        """Read how many have signed."""
        numbers = self.page.locator(".progress__number").all_inner_texts()
        return int(numbers[0].replace(",", "")) if numbers else 0

    def fills_in(self, *, name: str, email: str, country: str, reason: str = "") -> None:
        """Answer the questions of the form in their order."""
        page = self.page
        page.get_by_role("textbox", name="Full name").fill(name)
        page.get_by_role("textbox", name="E-mail address").fill(email)
        page.get_by_label("Country where you live").select_option(country)
        page.get_by_role("group", name="e-mail you").get_by_text("No", exact=True).click()
        page.get_by_role("textbox", name="Why you sign").fill(reason)

    def opens_mail(self, address: str) -> None:
        """Open the newest mail in the mailbox page, once it has come."""

        def has_come() -> bool:
            self.page.goto(self.server.mailbox)
            return self.page.get_by_text(address).count() > 0

        wait_for(has_come, "the mail did not come")
        self.page.get_by_role("listitem").filter(has_text=address).get_by_role("link").first.click()

    def follows_link(self) -> None:
        """Follow the link of the mail that is open."""
        self.page.locator("a[href*='/en/']", has_text="http").first.click()

    def sees_count_of(self, number: int) -> None:
        """Load the page again until its count is `number`."""

        def has_risen() -> bool:
            self.page.reload()
            return self.count() == number

        wait_for(has_risen, f"the count did not become {number}")


class Organiser(Walker):
    """Somebody who watches over the signatures."""

    secret = ""
    recovery_codes: tuple[str, ...] = ()

    def accepts_invitation(self, *, name: str, email: str) -> None:
        """Become the first organiser, with an authenticator and recovery codes."""
        self.page.goto(self.server.invitation)
        self.sees("Become an organiser")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_role("textbox", name="E-mail address").fill(email)
        for field in self.page.locator("input[type=password]").all():
            field.fill(PASSWORD)
        self.presses("Continue")
        self.sees("Set up your authenticator app")
        self.secret = self.page.locator("[data-secret]").inner_text().replace(" ", "")
        self.page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(self.secret).now())
        self.presses("Continue")
        self.sees("Your recovery codes")
        self.recovery_codes = tuple(self.page.locator(".codes code").all_inner_texts())

    def logs_out_and_in(self, *, email: str) -> None:
        """Leave, and come back with password and code, now that the last code is spent."""
        self.presses("Log out")
        self.sees("Log in")
        self.page.get_by_role("textbox", name="E-mail address").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.presses("Continue")
        self.types_a_fresh_code()

    def types_a_fresh_code(self) -> None:
        """Type the code of the next half minute: clocks may differ, and nobody has used it."""
        later = time.time() + 30
        self.page.get_by_role("textbox", name="Code").fill(pyotp.TOTP(self.secret).at(later))
        self.presses("Log in")

    def downloads_csv(self, title: str, folder: Path) -> list[dict[str, str]]:
        """Download the signatures of a petition and read them as a spreadsheet would."""
        self.page.get_by_role("row").filter(has_text=title).get_by_role(
            "link", name="Files"
        ).click()
        self.page.get_by_role("textbox", name="What you need").fill("To hand the petition over")
        self.presses("Make the file")
        expect(self.page.get_by_role("button", name="Download CSV")).to_be_visible(timeout=30_000)
        # The app's next code would be half a minute away: the login has used the last one.
        self.page.get_by_role("textbox", name="Code").fill(self.recovery_codes[0])
        with self.page.expect_download() as download:
            self.presses("Download CSV")
        file = folder / "signatures.csv"
        download.value.save_as(file)
        text = file.read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))
