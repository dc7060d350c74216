"""People who visit the public pages, told in verbs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import select
from werkzeug.test import TestResponse

from petition.core.clock import now
from petition.core.keyring.sealing import Sealed, unseal
from petition.core.memory import forget_everything
from petition.core.storage.database import session
from petition.outbox.messages import MailToWrite, Message
from petition.outbox.models import OutboxMail, mail_context
from petition.web.keeping import pages
from tests.factories import SLUG, address, take_in_all
from tests.grounds.client import ReadingClient
from tests.grounds.pages import parse

TOKEN = re.compile(r'(name="token"(?: type="hidden")? value=")[^"]+')
LINK = re.compile(r"http://localhost(/en/(?:confirm|manage)/[\w-]+)")


def page_of(slug: str = SLUG) -> str:
    """Return the address of a petition's page."""
    return f"/en/petitions/{slug}"


def given(**changes: str) -> dict[str, str]:
    """Return what somebody types who fills everything in."""
    return {
        "name": "Nadia Sample",
        "email": address(),
        "country": "GB",
        "visibility": "private",
        "organiser_mail": "no",
        **changes,
    }


def pages_stay_fresh(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages be good for so long, however slow this machine is."""
    for memory in (pages._pages, pages._answers):
        monkeypatch.setattr(memory, "fresh_seconds", seconds)


@dataclass
class Person:
    """Somebody at a browser without JavaScript."""

    client: ReadingClient
    slug: str = SLUG

    def signs(self, *, reads_for: Any = 30.0, **changes: str) -> TestResponse:
        """Open the petition, read it for a while, fill in the form and send it."""
        forget_everything()  # they keep for a second, in which tests live through days
        page = self.client.visit(page_of(self.slug))
        with time_machine.travel(now() + timedelta(seconds=reads_for)):
            return self.client.submit(
                page_of(self.slug), page, given(**changes), form="#sign form[method=post]"
            )

    def confirms(self, email: str) -> str:
        """Press the button behind the newest mail; return the path of the receipt."""
        path = newest_link(email)
        answer = self.client.submit(path, self.client.visit(path), {})
        assert answer.status_code == 303
        take_in_all()
        return answer.headers["Location"]

    def has_signed(self, **changes: str) -> str:
        """Sign and confirm; return the path of the page that manages."""
        typed = given(**changes)
        assert self.signs(**typed).status_code == 200
        return self.confirms(typed["email"]).removesuffix("/receipt")


def fresh(person: Person, path: str, *, status: int = 200) -> BeautifulSoup:
    """Return a page as it is at this moment."""
    forget_everything()
    return person.client.visit(path, status=status)


def all_mails() -> list[Message]:
    """Return the mails that wait, oldest first."""
    rows = session.execute(
        select(OutboxMail.content_key, OutboxMail.content, OutboxMail.message_id).order_by(
            OutboxMail.id
        )
    ).all()
    session.commit()
    return [
        MailToWrite.from_bytes(unseal(Sealed(key, box), mail_context(message_id))).written()
        for key, box, message_id in rows
        if key and box
    ]


def mails_to(email: str) -> list[Message]:
    """Return the mails that wait for an address, oldest first."""
    return [mail for mail in all_mails() if mail.to == email]


def links_to(email: str) -> list[str]:
    """Return the paths of the links that were mailed to an address, oldest first."""
    found = []
    for mail in mails_to(email):
        link = LINK.search(mail.text)
        assert link is not None
        found.append(link[1])
    return found


def newest_link(email: str) -> str:
    """Return the path of the newest link mailed to an address."""
    return links_to(email)[-1]


def without_tokens(page: str) -> str:
    """Return a page without what is random in it."""
    return TOKEN.sub(r"\1", page)


def details(page: BeautifulSoup) -> dict[str, str]:
    """Return the list of what is held, by label."""
    return {
        row.dt.get_text(strip=True): row.dd.get_text(strip=True)
        for row in page.select(".details__row")
        if row.dt and row.dd
    }


def words(page: BeautifulSoup | str) -> str:
    """Return the words of a page, spaced evenly."""
    tree = parse(page) if isinstance(page, str) else page
    return " ".join(tree.get_text(" ").split())


def problems(answer: TestResponse) -> dict[str, str]:
    """Return the lines of the error summary: the target of each link, and its words."""
    links = parse(answer.text).select(".error-summary__list a")
    return {str(link["href"]): link.get_text(strip=True) for link in links}


def texts(tags: Sequence[object]) -> list[str]:
    """Return the words of each element."""
    return [" ".join(tag.get_text(" ").split()) for tag in tags]  # type: ignore[attr-defined]
