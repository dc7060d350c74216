"""The people of a whole delivery, told in verbs: who exports and hands over, signs, and checks."""

import csv
import hashlib
import io
import re
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

from playwright.sync_api import Locator, expect

from petition.core.storage.database import session
from petition.organisers.models import Role
from tests.browser.people import Walker
from tests.browser.visits import TOO_WIDE
from tests.grounds.brought import photo
from tests.grounds.mail import LOOPBACK
from tests.organisers.people import PASSWORD, code_of, enrol, join

WHOLE = "The pack is whole, and comes from the holder of the key "
MADE_WITHIN = 60_000
"""Milliseconds in which a file is made, however slow the machine is."""


class Reader(Walker):
    """Somebody at a browser whose pages fit the window."""

    def sees(self, heading: str) -> None:
        """Find the page's heading; nothing has to be scrolled sideways."""
        super().sees(heading)
        self.fits()

    def fits(self) -> None:
        """See that nothing has to be scrolled sideways."""
        assert self.page.viewport_size is not None
        assert self.page.evaluate(TOO_WIDE, self.page.viewport_size["width"]) == []

    def follows(self, link: str, *, within: Locator | None = None) -> None:
        """Follow a link by its words."""
        (within or self.page.get_by_role("main")).get_by_role("link", name=link).first.click()

    def reads(self, *words: str) -> None:
        """Find these words on the page."""
        for one in words:
            expect(self.page.get_by_role("main")).to_contain_text(one)


class Deliverer(Reader):
    """An organiser who exports, hands over and records."""

    codes: list[str]
    """Recovery codes: the app's next code would be half a minute away."""

    def joins_and_logs_in(self, email: str) -> None:
        """Become an organiser, and log in with password and code."""
        organiser = join(Role.OWNER, email=email)
        self.codes, code = enrol(organiser), code_of(organiser)
        session.remove()
        self.page.goto(f"{self.server.url}/organiser/")
        self.sees("Log in")
        self.types("E-mail address", email)
        self.types("Password", PASSWORD)
        self.presses("Continue")
        self.sees("Enter your code")
        self.types("Code", code)
        self.presses("Log in")
        self.sees("Petitions")

    def types(self, label: str, words: str) -> None:
        """Fill a field in."""
        named = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
        self.page.get_by_label(named).fill(words)

    def turns_to(self, what: str, title: str) -> None:
        """Go from the list of petitions to what there is of one."""
        self.page.get_by_role("link", name="Petitions", exact=True).first.click()
        self.sees("Petitions")
        self.follows(what, within=self.page.get_by_role("row").filter(has_text=title))
        self.sees(what)

    def takes(self, button: str, folder: Path) -> Path:
        """Wait until a file is made, and take it away with a code that nobody has used."""
        expect(self.page.get_by_role("button", name=button)).to_be_visible(timeout=MADE_WITHIN)
        self.fits()
        self.types("Code", self.codes.pop())
        with self.page.expect_download() as download:
            self.presses(button)
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def exports_for_her_crm(self, title: str, folder: Path) -> list[dict[str, str]]:
        """Have a file made for CiviCRM, and read it as CiviCRM would."""
        self.turns_to("Files", title)
        self.types("What you need the file for", "Our supporters in CiviCRM")
        self.page.get_by_text("For a tool that sends mail").click()
        self.page.get_by_text("CiviCRM contacts", exact=True).click()
        self.fits()
        self.presses("Make the file")
        file = self.takes("Download CSV", folder).read_bytes()
        return list(csv.DictReader(io.StringIO(file.decode(), newline="")))

    def plans(self, title: str, office: str) -> None:
        """Plan a delivery to an office."""
        self.turns_to("Deliveries", title)
        offices = self.page.get_by_label("Office").locator("option", has_text=office)
        self.page.get_by_label("Office").select_option(offices.first.get_attribute("value"))
        self.presses("Plan it")
        self.reads("The delivery is planned.")
        self.fits()

    def makes_a_pack(self, folder: Path) -> Path:
        """Have a pack made, and take it away."""
        self.follows("Make a pack")
        self.sees("Make a pack")
        self.types("Your own words", "Please meet three of those who signed.")
        self.presses("Make the pack")
        return self.takes("Download the pack", folder)

    def goes_on_where_a_download_broke_off(self, pack: Path) -> None:
        """Take the pack once more, lose the connection half way, and fetch the rest."""
        whole, address = pack.read_bytes(), f"{urlsplit(self.page.url).path}/file"
        cookies = (f"{one.get('name')}={one.get('value')}" for one in self.page.context.cookies())
        headers = {"Cookie": "; ".join(cookies)}
        with closing(HTTPConnection(LOOPBACK, self.server.port)) as lost:
            lost.request("GET", address, headers=headers)
            answer = lost.getresponse()
            half = answer.read(len(whole) // 2)
        headers |= {"Range": f"bytes={len(half)}-", "If-Range": answer.headers["ETag"]}
        with closing(HTTPConnection(LOOPBACK, self.server.port)) as again:
            again.request("GET", address, headers=headers)
            rest = again.getresponse().read()
        assert 0 < len(rest) < len(whole)
        self.reads(hashlib.sha256(half + rest).hexdigest())

    def goes_back(self) -> None:
        """Go from a page about a delivery to its record."""
        self.page.locator(".desk__head a").last.click()
        expect(self.page.get_by_role("heading", name="What was recorded")).to_be_visible()
        self.fits()

    def hands_it_over(self, to_whom: str) -> None:
        """Record the hand-over, with the picture of a receipt."""
        self.follows("Record the hand-over")
        self.sees("Record the hand-over")
        self.types("Where", "At the door")
        self.types("To whom", to_whom)
        self.types("By whom", "Sample Coalition")
        self.presses("Record the hand-over")
        self.reads("The hand-over is recorded")
        self.fits()
        self.follows("Add a picture or a receipt", within=self.entry("Handed over"))
        self.sees("Add a picture or a receipt")
        picture = {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        self.page.locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
        self.types("What it shows", "A stamped receipt")
        self.page.get_by_text("Show it on the public page").click()
        self.presses("Keep the file")
        self.reads("A stamped receipt")
        self.fits()

    def entry(self, title: str) -> Locator:
        """Find an entry of the record."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        return self.page.locator(".timeline__entry").filter(has=heading)

    def records_the_answer(self, words: str) -> None:
        """Record what the office answered."""
        self.follows("Record an answer")
        self.sees("Record an answer")
        self.types("The answer", words)
        self.presses("Record an answer")
        self.reads("The answer is recorded")
        self.fits()

    def enters_what_the_office_found(self, *, size: int, valid: int, needed: int) -> None:
        """Enter the result of a sample; the others in it were signed by a program."""
        self.page.get_by_role("link", name="Pack", exact=False).last.click()
        self.follows("Record what the office found")
        self.sees("What the office found in a sample")
        self.types("Signatures in the sample", str(size))
        self.types("Valid", str(valid))
        self.types("Invalid: a program signed", str(size - valid))
        self.types("How many of the whole pack have to be valid", str(needed))
        self.presses("Record it and work it out")
        self.page.get_by_text("The numbers", exact=True).click()
        self.fits()


class Signer(Reader):
    """Somebody who has signed, and looks what became of it."""

    def opens_petition(self, title: str) -> None:
        """Find the petition on the campaign's page."""
        self.page.goto(self.server.campaign)
        self.fits()
        self.follows(title)
        self.sees(title)

    def sees_the_picture(self, about: str) -> None:
        """See a picture that has come."""
        picture = self.page.get_by_role("img", name=about)
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("picture => picture.naturalWidth") > 0


class Official(Reader):
    """Somebody in an office who got a pack, and relies on nobody."""

    def checks_it_offline(self, pack: Path) -> None:
        """Open the page that checks packs, cut the network, and check one."""
        self.page.goto(f"{self.server.url}/en/deliveries/verify")
        self.sees("Check a delivery pack")
        self.page.wait_for_load_state("networkidle")
        self.page.context.set_offline(True)
        self.page.get_by_label("The pack", exact=True).set_input_files(pack)
        self.presses("Check the pack")
        expect(self.page.get_by_text(WHOLE)).to_be_visible()
        self.fits()

    def root(self) -> str:
        """Read the root of the tree over the rows."""
        return self.page.locator("[data-fact=root]").inner_text()

    def runs_its_verifier(self, pack: Path, key: str) -> str:
        """Run the program that lies in the pack, where nothing of ours is."""
        folder = pack.parent / pack.stem
        with ZipFile(pack) as archive:
            archive.extract("verify.py", folder)
        command = [sys.executable, "-I", "verify.py", str(pack), "--key", key]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran.stdout

    def draws_a_sample(self, pack: Path, *, seed: str, size: int) -> str:
        """Have a sample drawn by a seed, and hold it against the root; return what is said."""
        sample = pack.with_suffix(".sample")
        drawn = self.server.flask(
            *("deliveries", "sample", pack, sample, "--seed", seed, "--size", size)
        )
        assert (drawn.returncode, drawn.stderr) == (0, "")
        held = self.server.flask(
            *("deliveries", "check-sample", sample, "--root", self.root(), "--size", size)
        )
        assert (held.returncode, held.stderr) == (0, "")
        return held.stdout
