"""People who visit a running install over HTTP, and the mailbox in which their links arrive."""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode, urlsplit

from petition.web.forms.form_token import SOONEST
from tests.factories import SLUG
from tests.grounds.servers import Server

ANSWER_SECONDS = 30.0
PATIENCE_SECONDS = 60.0
TOKEN = re.compile(r'name="token" type="hidden" value="([^"]+)"')
CONFIRM_PATH = re.compile(r"/en/confirm/[\w-]+")
MANAGE_PATH = re.compile(r"/en/manage/[\w-]+")


def wait_until(done: Callable[[], bool], complaint: str, *, most: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds; fail with `complaint` when it does not."""
    deadline = time.monotonic() + most
    while not done():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: str


class Visitor:
    """Somebody with a browser that keeps nothing. Raises OSError or HTTPException when cut off."""

    def __init__(self, server: Server, slug: str = SLUG) -> None:
        self.host, self.port = "127.0.0.1", server.port
        self.origin = server.url
        self.page = f"/en/petitions/{slug}"

    def connection(self) -> http.client.HTTPConnection:
        """Return a connection to the server, not opened yet."""
        return http.client.HTTPConnection(self.host, self.port, timeout=ANSWER_SECONDS)

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """Make one request on a connection of its own."""
        connection = self.connection()
        try:
            body = urlencode(form) if form is not None else None
            headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def status_of(self, path: str) -> int:
        """Return with which status a page or file comes, and read it to its end."""
        connection = self.connection()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        return answer.status

    def form_token(self) -> str:
        """Open the petition's page, fill in its form as fast as a person may; return its token."""
        found = TOKEN.search(self.ask("GET", self.page).body)
        assert found is not None, "the page has no form"
        time.sleep(SOONEST.total_seconds())  # sooner it would be a program that signs
        return found[1]

    def sign(self, token: str, address: str, **given: str) -> Answer:
        """Send the form."""
        return self.ask("POST", self.page, filled(token, address, **given))


def filled(token: str, address: str, **given: str) -> dict[str, str]:
    """Return the form as a person fills it in."""
    return {
        "token": token,
        "name": "Nadia Sample",
        "email": address,
        "country": "GB",
        "visibility": "private",
        "organiser_mail": "no",
        "reason": "",
        "website": "",
        **given,
    }


def is_inbox_page(answer: Answer) -> bool:
    """Whether the answer asks to look in the inbox, whole."""
    body = answer.body
    return answer.status == 200 and "Check your inbox" in body and body.endswith("</html>")


@dataclass
class Mailbox:
    """The folder of mails, read as it fills. Threads may share it."""

    folder: Path
    paths: dict[str, list[str]] = field(default_factory=dict)
    """The paths of the links that each address got."""
    _read: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def look(self) -> dict[str, list[str]]:
        """Read what is new; return everything so far."""
        with self._lock:
            for file in sorted(self.folder.glob("[!.]*.eml")):
                if file.name not in self._read:
                    self._read.add(file.name)
                    self._open(file)
            return {address: list(paths) for address, paths in self.paths.items()}

    def _open(self, file: Path) -> None:
        mail = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        part = mail.get_body(("plain",))
        assert part is not None, "a mail without text"
        text = part.get_content()
        links = [*CONFIRM_PATH.findall(text), *MANAGE_PATH.findall(text)]
        self.paths.setdefault(str(mail["To"]), []).extend(links)

    @property
    def mails(self) -> int:
        """How many mails have come."""
        return len(list(self.folder.glob("[!.]*.eml")))

    def wait_for(self, address: str) -> str:
        """Return the path of the newest link to this address, once one has come."""
        wait_until(lambda: address in self.look(), f"no mail to {address}")
        return self.look()[address][-1]


def mailbox_of(server: Server) -> Mailbox:
    """Return where an install without a mail server writes its mails."""
    return Mailbox(server.instance / "mailbox")


def path_of(answer: Answer) -> str:
    """Return the path to which an answer leads."""
    return urlsplit(answer.headers["Location"]).path
