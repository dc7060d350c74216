"""An install with something in it, served to browsers from this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import time_machine
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.serving import WSGIRequestHandler, make_server

from config import Config
from petition.app import create_app
from petition.audit.noting import begin_log
from petition.core.clock import hour_of, now
from petition.core.keyring.keys import KeyFile
from petition.core.storage.database import session, transaction
from petition.letters.drafting import drafts
from petition.letters.letter.models import Letter, LetterState
from petition.letters.letter.written import Draft, Sentence, Writer
from petition.petitions.asks import Ask, ask_of
from petition.petitions.models import Petition
from petition.petitions.queries import petition_by_slug
from petition.signatures.models import CountryTally, HourTally, Tally, Visibility
from petition.signatures.signers import Signer
from petition.updates.unsubscribing import token_for
from tests import factories
from tests.deliveries.making import hand_over_some
from tests.factories import NOON, OTHER_SLUG, SLUG
from tests.grounds.client import ReadingClient
from tests.grounds.databases import Databases
from tests.grounds.mail import LOOPBACK, free_port
from tests.letters import posting

CLOSED = "the-same-standard-for-partners"
UNSIGNED = OTHER_SLUG
COUNTRIES = {"GB": 486, "CA": 311, "DE": 204, "FR": 118, "US": 97, "LU": 14, "KE": 9, "GE": 4}
WEEKS = (112, 640, 491)
REASONS = (
    ("Amara Sample", Visibility.FULL_NAME, "My sister was promised work and never came back."),
    ("Jonas Example", Visibility.FIRST_NAME, "Whoever profits from it should not shop here."),
    ("ليلى مثال", Visibility.FIRST_NAME, "لأن الصمت يحمي من يؤذي الناس."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Install:
    """The sample campaign at work; it makes the links that its pages are opened with."""

    app: Flask
    url: str

    @property
    def client(self) -> ReadingClient:
        """A visitor whose every page is read."""
        return cast("ReadingClient", self.app.test_client())

    def confirm_token(self) -> str:
        """Return the token of a link that confirms, which nobody has used."""
        return factories.sign(ask(), someone()).confirm_tokens[-1]

    def pressed_token(self) -> str:
        """Return the token of a link whose button was pressed just now."""
        letters = factories.sign(ask(), someone())
        factories.confirm(letters)
        return letters.confirm_tokens[-1]

    def used_token(self) -> str:
        """Return the token of a link whose button was pressed, long enough ago to lead nowhere."""
        letters = factories.sign(ask(), someone(), at=now() - timedelta(hours=2))
        factories.confirm(letters, at=now() - timedelta(hours=1))
        return letters.confirm_tokens[-1]

    def manage_token(self) -> str:
        """Return the token of a link that manages a confirmed signature."""
        return factories.confirm(factories.sign(ask(), someone()))

    def unsubscribe_token(self) -> str:
        """Return the token of a link that ends news to somebody."""
        self.manage_token()
        return token_for(factories.newest_signature().id)

    def draft_token(
        self, lang: str = "en", *, to: str = posting.OFFICE, handed_in: bool = False
    ) -> str:
        """Return the token of a draft that is addressed, with a sentence of its writer's own."""
        writer = Writer("Nadia Sample", factories.address(), "GB", "SW1A 1AA")
        said = (Sentence(0, "I met somebody who had been sold."),)
        office = posting.office(to).id
        draft = Draft(writer, recipient_id=office, sentences=said, is_handed_in=handed_in)
        with transaction():
            return drafts.begin(posting.text_of(language=lang).id, draft, now())

    def letter_to_confirm(self) -> str:
        """Return the token of a link that lets a letter leave."""
        token = posting.hand_in(posting.finished(own="I met somebody who had been sold."), now())
        assert token is not None
        return token

    def letter_token(self, *, sent: bool = False) -> str:
        """Return the token of a link to a letter that was confirmed, or has left."""
        token = posting.confirm(self.letter_to_confirm(), now())
        if sent:
            with transaction() as writing:
                for state in (LetterState.SENDING, LetterState.SENT):
                    newest = select(func.max(Letter.id)).scalar_subquery()
                    values = {"state": state, "claimed_by": "worker", "sent_at": now()}
                    writing.execute(update(Letter).where(Letter.id == newest).values(values))
        return token


def ask() -> Ask:
    """Return the petition that has been signed."""
    return ask_of(petition_at(SLUG), "en")


def petition_at(slug: str) -> Petition:
    """Return a petition of the install."""
    found = petition_by_slug(slug)
    assert found is not None
    return found


def someone() -> Signer:
    """Return somebody who tells us all that the form asks for."""
    return factories.signer(
        visibility=Visibility.FULL_NAME, mail_allowed=True, reason="Because silence helps nobody."
    )


def furnish(at: datetime) -> None:
    """Load the sample, let people sign, close one petition, and hand some signatures over."""
    factories.load_sample(at - timedelta(days=16))
    for name, visibility, reason in REASONS:
        signer = factories.signer(name=name, visibility=visibility, reason=reason)
        signature, _token = factories.signed(ask(), signer, at=at - timedelta(days=1))
        with transaction() as writing:
            factories.let_reason_appear(writing.merge(signature))
    with transaction():
        closed = update(Petition).where(Petition.slug == CLOSED)
        session.execute(closed.values(closes_on=(at - timedelta(days=3)).date()))
        count_many(petition_at(SLUG).id, at)
    hand_over_some()


def count_many(petition_id: int, at: datetime) -> None:
    """Write a tally as a crowd would leave it, without the crowd."""
    for table in (Tally, HourTally, CountryTally):
        session.query(table).filter_by(petition_id=petition_id).delete()
    session.add(Tally(petition_id=petition_id, count=sum(WEEKS)))
    for ago, count in enumerate(reversed(WEEKS)):
        hour = hour_of(at) - timedelta(weeks=ago)
        session.add(HourTally(petition_id=petition_id, hour=hour, count=count))
    for country, count in COUNTRIES.items():
        session.add(CountryTally(petition_id=petition_id, country=country, count=count))


@contextmanager
def installed(databases: Databases, folder: Path) -> Iterator[Install]:
    """Make an install on SQLite, at noon on a day of the campaign, and furnish it."""
    port = free_port()
    folder.mkdir(mode=0o700)
    KeyFile(folder / "keys.json").create_if_missing()
    config = replace(
        Config.from_environment({}),
        instance=folder,
        database_url=databases.clean("sqlite", folder),
        port=port,
    )
    with time_machine.travel(NOON, tick=True):
        app = create_app(config)
        app.testing = True
        app.test_client_class = ReadingClient
        with transaction():
            begin_log(NOON)
        furnish(NOON)
        yield Install(app, f"http://{LOOPBACK}:{port}")
        session.remove()


class Quiet(WSGIRequestHandler):
    """Answers without a word of it in the log."""

    def log_request(self, *_about: object) -> None:
        """Say nothing."""


@contextmanager
def served(install: Install) -> Iterator[Install]:
    """Answer browsers, in threads of this process."""
    port = int(install.url.rpartition(":")[2])
    server = make_server(LOOPBACK, port, install.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield install
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
