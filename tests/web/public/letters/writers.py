"""Somebody who writes a letter, told in verbs."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

import time_machine
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from petition.core.clock import now
from petition.core.memory import forget_everything
from tests.factories import address
from tests.grounds.client import ReadingClient
from tests.web.public.people import mails_to

LETTER = "letter-on-human-trafficking"
STEPS = ("you", "ask", "reasons", "edit", "preview")
LINK = re.compile(r"http://localhost(/\w\w/letters/(?:confirm|manage)/[\w-]+)")
MAIN = "main form[method=post]"


@dataclass
class Writer:
    """A person at a browser without JavaScript, with a letter in the making."""

    client: ReadingClient
    lang: str = "en"
    slug: str = LETTER
    email: str = field(default_factory=address)
    draft: str = ""

    def begins(self, **changes: str) -> TestResponse:
        """Fill in the first page."""
        forget_everything()
        path = f"/{self.lang}/letters/{self.slug}"
        typed = {"name": "Nadia Sample", "email": self.email, "country": "GB", **changes}
        page = self.client.visit(path)
        with time_machine.travel(now() + timedelta(seconds=30)):
            answer = self.client.submit(path, page, typed, form=MAIN)
        if answer.status_code == 303:
            self.draft = answer.headers["Location"].rpartition("/")[0]
        return answer

    def page(self, step: str) -> BeautifulSoup:
        """Open one of the five pages."""
        return self.client.visit(f"{self.draft}/{step}")

    def does(self, step: str, **typed: str) -> TestResponse:
        """Fill in one of the five pages and go on."""
        path = f"{self.draft}/{step}"
        answer = self.client.submit(path, self.client.visit(path), typed, form=MAIN)
        if answer.status_code == 303:  # every page moves it
            self.draft = answer.headers["Location"].rpartition("/")[0]
        return answer

    def chooses(self, office: str, **more: str) -> TestResponse:
        """Choose to whom the letter goes, by the office's title."""
        page = self.page("ask")
        labels = {
            str(label["for"]): label.get_text(" ", strip=True)
            for label in page.select(".choice__label")
        }
        control = next(name for name, words in labels.items() if words.startswith(office))
        choice = page.select_one(f"#{control}")
        assert choice is not None
        return self.does("ask", recipient=str(choice["value"]), **more)

    def writes(self, office: str = "Foreign Secretary", **sentences: str) -> None:
        """Go through the pages until the last, with these reasons."""
        assert self.begins().status_code == 303
        assert self.chooses(office).status_code == 303
        typed = sentences or {"reason_0": "I work with people who were trafficked to our town."}
        assert self.does("reasons", **typed).status_code == 303
        assert self.does("edit").status_code == 303

    def sends(self, **typed: str) -> TestResponse:
        """Send the letter from the last page, and go where that leads."""
        path = f"{self.draft}/preview"
        page = self.client.visit(path)
        form = "form[action$='/send']"
        return self.client.submit(path, page, typed, form=form, follow_redirects=True)

    def link(self) -> str:
        """Return the path of the newest link mailed to this writer."""
        found = LINK.search(mails_to(self.email)[-1].text)
        assert found is not None
        return found[1]

    def confirms(self) -> str:
        """Press the button behind the newest mail; return the path of the letter's page."""
        path = self.link()
        answer = self.client.submit(path, self.client.visit(path), {}, form=MAIN)
        assert answer.status_code == 303
        return answer.headers["Location"]
