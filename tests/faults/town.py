"""The install that the state machine plays with: what is done to it, and what can be seen of it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import Config
from petition.core.clock import now
from petition.core.memory import forget_everything
from petition.core.storage import database
from petition.core.storage.database import session, transaction
from petition.core.tokens import digest
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter
from petition.letters.letter.written import Draft, Writer
from petition.links.models import MailedLink
from petition.opening import open_instance
from petition.organisers.models import Organiser
from petition.outbox.models import OutboxMail
from petition.petitions.asks import Ask
from petition.signatures.links import given_by
from petition.signatures.models import Signature
from petition.signatures.signers import Signer, Signing
from petition.web.forms import form_token
from petition.worker.loops import Worker
from tests.factories import NOON, load_sample, make_ask, make_organiser
from tests.grounds.arriving import take_in_arrivals
from tests.grounds.client import ORIGIN
from tests.grounds.databases import Databases
from tests.grounds.mail import Accepted, Behaviour, SmtpServer
from tests.letters import posting
from tests.web.public.people import given, page_of

LINK = re.compile(r"http://localhost(/en/(letters/confirm|letters/manage|confirm|manage)/[\w-]+)")
OFFICES = (posting.OFFICE, posting.OTHER_OFFICE)


@dataclass
class Town:
    """One install, with a clock of its own and a worker who is called by hand."""

    kind: str
    app: Flask
    config: Config
    databases: Databases
    smtp: SmtpServer
    clock: time_machine.Traveller
    folder: Path
    ask: Ask | None = None
    organiser: Organiser | None = None
    worker: Worker | None = None
    read: int = 0
    """How many of the mails that came have been read."""

    def begin(self) -> None:
        """Begin with the sample campaign, on its first day, and nobody there."""
        self.end()
        database.dispose()
        url = self.databases.clean(self.kind, self.folder)
        self.config = replace(self.config, database_url=url, mail_server=self.smtp.url)
        open_instance(self.config)
        self.clock.move_to(NOON)
        load_sample(NOON - timedelta(days=10))
        posting.put_every_office_to_work()
        self.ask, self.organiser = make_ask(), make_organiser()
        self.smtp.accepted.clear()
        self.smtp.behaviour = Behaviour()
        self.read = 0
        self.worker = Worker(replace(self.config, mail_timeout=2, mail_retry=1))

    def end(self) -> None:
        """Hang up."""
        if self.worker is not None:
            self.worker.transport.close()
            self.worker.letter_post.transport.close()
        session.remove()

    def request(self, method: str, path: str, **form: str) -> TestResponse:
        """Ask for a page, or press a button."""
        forget_everything()
        client = FlaskClient(self.app, self.app.response_class, use_cookies=False)
        headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
        return client.open(path, method=method, data=form or None, headers=headers)

    def sign(self, address: str, visibility: str, *, read_for: float, website: str) -> TestResponse:
        """Send the petition's form."""
        assert self.ask is not None
        with time_machine.travel(now() - timedelta(seconds=read_for), tick=False):
            token = form_token.issue(self.ask.petition_id, self.ask.text_id)
        typed = given(email=address, token=token, visibility=visibility, website=website)
        return self._arriving(page_of(self.ask.slug), **typed)

    def ask_for_link(self, address: str) -> TestResponse:
        """Send the form that asks for the link to a signature."""
        assert self.ask is not None
        token = form_token.issue(self.ask.petition_id, self.ask.text_id)
        path = f"{page_of(self.ask.slug)}/manage"
        return self._arriving(path, email=address, token=token, website="")

    def hand_in(self, address: str, office: str, *, program: bool) -> TestResponse:
        """Write a letter, and hand it in."""
        draft = Draft(
            Writer("Nadia Sample", address, "GB"),
            recipient_id=posting.office(office).id,
            is_suspect=program,
        )
        with transaction():
            token = drafts.begin(posting.text_of().id, draft, now())
        return self._arriving(f"/en/letters/draft/{token}/send")

    def _arriving(self, path: str, **form: str) -> TestResponse:
        """Press a button that brings something in, and let the worker take it in."""
        answer = self.request("POST", path, **form)
        take_in_arrivals(self.config)
        return answer

    def let_work(self) -> Worker:
        """Return the worker, alive."""
        assert self.worker is not None
        self.worker.beat()
        return self.worker

    def new_mails(self) -> list[Accepted]:
        """Return the mails that came since this was asked last."""
        fresh = self.smtp.accepted[self.read :]
        self.read = len(self.smtp.accepted)
        return fresh


def newest(model: type[Signature | Letter]) -> int:
    """Return the number of the newest row."""
    number = session.scalar(select(func.max(model.id)))
    session.remove()
    return number or 0


def owner_of(path: str) -> int | None:
    """Return the number of what a link belongs to, as long as it does."""
    of_letter = "/letters/" in path
    token_hash = digest(path.rpartition("/")[2])
    column = MailedLink.letter_id if of_letter else MailedLink.signature_id
    number = session.scalar(select(column).where(MailedLink.token_hash == token_hash))
    session.remove()
    return number


def said_behind(path: str) -> Signer | None:
    """Return what a link confirms, where that was said after its signature was noted."""
    given = given_by(path.rpartition("/")[2])
    session.remove()
    return Signing.from_bytes(given).signer if given else None


def path_of(answer: TestResponse) -> str:
    """Return where an answer leads."""
    return urlsplit(answer.headers["Location"]).path


def mails_due(at: datetime) -> int:
    """Return how many mails a worker would still send."""
    waits = OutboxMail.finished_at.is_(None), OutboxMail.due_at <= at
    number = session.scalar(select(func.count()).where(*waits))
    session.remove()
    return number or 0
