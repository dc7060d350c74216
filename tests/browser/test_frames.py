"""Pages of other sites that show ours in a frame, in a real Chromium."""

import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.factories import SAMPLE, SLUG
from tests.faults.visitors import Visitor, wait_until
from tests.grounds.accessibility import grave_violations
from tests.grounds.browsing import NewPage, Watch
from tests.grounds.servers import Server

pytestmark = pytest.mark.browser

PARENT = """<!doctype html><html lang="en"><title>Another site</title>
<link rel="icon" href="data:,"><h1>Another site</h1>
<iframe title="Petition" src="{}" width="320" height="640"></iframe></html>"""


class OtherSite(BaseHTTPRequestHandler):
    """A site that shows in a frame whatever its address asks for."""

    def do_GET(self) -> None:
        framed = parse_qs(urlsplit(self.path).query)["show"][0]
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PARENT.format(framed).encode())

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of another site; it has two origins, by number and as localhost."""
    with ThreadingHTTPServer(("127.0.0.1", 0), OtherSite) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def listed(live_server: Server, tmp_path: Path, port: int) -> str:
    """The one origin that every petition of the install lists; its files say so."""
    origin = f"http://localhost:{port}"
    folder = tmp_path / "campaign"
    shutil.copytree(SAMPLE, folder)
    for file in (folder / "petitions").glob("*.toml"):
        file.write_text(f'embed_origins = ["{origin}"]\n{file.read_text("utf-8")}', "utf-8")
    assert live_server.flask("campaigns", "load", folder).returncode == 0
    visitor = Visitor(live_server)  # who keeps what was read for two seconds
    wait_until(lambda: origin in may_frame(visitor), "the site does not know its files")
    return origin


def may_frame(visitor: Visitor) -> str:
    """Return what the form's page says of who may show it."""
    return visitor.ask("GET", f"/en/embed/{SLUG}/sign").headers["Content-Security-Policy"]


def shows(page: Page, origin: str, url: str) -> FrameLocator:
    """Open a page of this origin that shows another in a frame."""
    page.goto(f"{origin}/?show={url}")
    return page.frame_locator("iframe")


def test_only_a_listed_site_can_show_the_form(
    live_server: Server, new_page: NewPage, watch: Watch, listed: str, port: int
) -> None:
    form = f"{live_server.url}/en/embed/{SLUG}/sign"
    page = new_page()
    expect(shows(page, listed, form).get_by_role("button", name="Sign")).to_be_visible()
    assert watch.problems == []

    hostile = shows(page, f"http://127.0.0.1:{port}", form)
    page.wait_for_timeout(1_000)
    expect(hostile.get_by_role("button", name="Sign")).to_have_count(0)
    assert all("frame-ancestors" in problem for problem in watch.problems)
    assert len(watch.problems) == 1
    watch.problems.clear()


@pytest.mark.parametrize("js", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_supporter_signs_in_the_frame_of_a_listed_site(
    live_server: Server, new_page: NewPage, listed: str, js: bool
) -> None:
    page = new_page(phone=True, js=js)
    frame = shows(page, listed, f"{live_server.url}/en/embed/{SLUG}/sign")
    frame.get_by_role("button", name="Sign").click()
    expect(frame.get_by_role("alert")).to_contain_text("Enter your full name")
    frame.get_by_role("textbox", name="Full name").fill("Ada Sample")
    frame.get_by_role("textbox", name="E-mail address").fill("ada@example.org")
    frame.get_by_label("Country where you live").select_option("GB")
    frame.get_by_role("group", name="e-mail you").get_by_text("No", exact=True).click()
    page.wait_for_timeout(2_100)  # what a person needs, and a program does not
    frame.get_by_role("button", name="Sign").click()

    expect(frame.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    expect(frame.get_by_text("ada@example.org")).to_be_visible()
    assert page.context.cookies() == []


def test_any_site_can_show_the_counter_which_leads_to_a_new_tab(
    live_server: Server, new_page: NewPage, port: int
) -> None:
    page = new_page(js=False)
    counter = f"{live_server.url}/en/embed/{SLUG}"
    frame = shows(page, f"http://127.0.0.1:{port}", counter)
    with page.expect_popup() as opened:
        frame.get_by_role("link", name="Sign").click()

    assert opened.value.url == f"{live_server.url}/en/petitions/{SLUG}#sign"
    assert page.context.cookies() == []


@pytest.mark.parametrize("path", ["", "/sign"])
def test_pages_for_frames_shut_nobody_out_and_fit_the_narrowest(
    live_server: Server, new_page: NewPage, path: str
) -> None:
    for scheme in ("light", "dark"):
        page = new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)
        page.goto(f"{live_server.url}/en/embed/{SLUG}{path}")
        assert grave_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        if path:
            page.get_by_text("Read the text").click()
            page.get_by_role("button", name="Sign").click()
            expect(page.get_by_role("alert")).to_be_visible()
            assert grave_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_share_page_shuts_nobody_out_and_copies_the_link(
    live_server: Server, new_page: NewPage
) -> None:
    for scheme in ("light", "dark"):
        page = new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)
        page.goto(f"{live_server.url}/en/petitions/{SLUG}/share")
        assert grave_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        width = page.get_by_role("img", name="QR code").evaluate("image => image.naturalWidth")
        assert width > 0
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("status").first).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{live_server.url}/p/{SLUG}"
