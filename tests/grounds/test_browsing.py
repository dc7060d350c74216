"""The browser's watch: it hears errors and reports, and lets error pages be."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.grounds.accessibility import grave_violations
from tests.grounds.browsing import NewPage, Watch

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Sign</title><link rel="icon" href="/icon.svg">
<main><h1>Sign</h1>{}</main></html>"""
BODIES = {
    "/": "<p>Good</p><script src='/script.js'></script>",
    "/inline": "<script>document.title = 'inline ran'</script>",
    "/missing-script": "<script src='/gone.js'></script>",
    "/foreign": "<img alt='' src='http://192.0.2.1/pixel.gif'>",
    "/unlabelled": "<input name='who'>",
    "/icon.svg": "",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        script = self.path == "/script.js"
        body = "document.title = 'script ran'" if script else PAGE.format(BODIES.get(self.path, ""))
        self.send_response(200 if script or self.path in BODIES else 404)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Security-Policy", "script-src 'self'; img-src *")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("phone", [False, True])
def test_a_sound_page_raises_no_complaint(site: str, new_page: NewPage, phone: bool) -> None:
    page = new_page(phone=phone)
    page.goto(f"{site}/")

    assert page.title() == "script ran"
    assert grave_violations(page) == []


def test_without_javascript_no_script_runs(site: str, new_page: NewPage) -> None:
    page = new_page(js=False)
    page.goto(f"{site}/")

    assert page.title() == "Sign"


def test_an_error_page_that_was_asked_for_is_no_complaint(site: str, new_page: NewPage) -> None:
    answer = new_page().goto(f"{site}/gone")

    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("/inline", "Content Security Policy"),
        ("/missing-script", "404"),
        ("/foreign", "192.0.2.1"),
    ],
)
def test_a_fault_is_a_complaint(
    site: str, new_page: NewPage, watch: Watch, path: str, complaint: str
) -> None:
    page = new_page()
    page.goto(f"{site}{path}", wait_until="commit")
    page.wait_for_timeout(500)

    heard, watch.problems = watch.problems, []
    assert any(complaint in problem for problem in heard)


def test_axe_sees_a_field_without_a_label(site: str, new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{site}/unlabelled")

    assert any("label" in finding for finding in grave_violations(page))
