"""A look into the database of a running install, with the product's own eyes."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import func, select

from config import Config
from petition.arrivals.models import Arrival, arrival_context
from petition.core.clock import now
from petition.core.keyring.sealing import Sealed, unseal
from petition.core.storage import database
from petition.core.storage.database import session, transaction
from petition.exports import actions as exports
from petition.exports.models import Contents, ExportScope
from petition.opening import open_instance
from petition.organisers.models import Organiser
from petition.outbox.messages import MailToWrite
from petition.outbox.models import MailState, OutboxMail, mail_context
from petition.outbox.queries import waiting
from petition.petitions.models import Petition
from petition.safekeeping.tallies import entries_waiting
from petition.signatures.arriving import SIGNATURE, ArrivedSignature
from tests.factories import SLUG, make_organiser
from tests.grounds.exporting import made
from tests.grounds.servers import Server


@contextmanager
def database_of(server: Server) -> Iterator[None]:
    """Use the keys and the database of this install in the test's own process."""
    settings = Config.from_environment({})
    url = server.environment["DATABASE_URL"]
    open_instance(replace(settings, instance=server.instance, database_url=url))
    try:
        yield
    finally:
        database.dispose()


def mails_waiting() -> int:
    """Return how many mails have still to leave or to be written, as of now.

    Arrivals are counted first: one that is taken in between the two counts is then counted twice,
    where the other way round it would not be counted at all.
    """
    session.remove()
    return arrivals_waiting() + waiting()


def arrivals_waiting() -> int:
    """Return how much has arrived that no worker has taken in."""
    found = session.scalar(select(func.count()).select_from(Arrival)) or 0
    session.commit()
    return found


def counts_waiting() -> int:
    """Return how many changes the tally has still to take in, in a snapshot of this moment."""
    session.remove()
    return entries_waiting()


def petition_id(slug: str = SLUG) -> int:
    """Return the number of a petition."""
    found = session.scalar(select(Petition.id).where(Petition.slug == slug))
    session.remove()
    assert found is not None
    return found


def exported(scope: ExportScope = ExportScope.CONFIRMED, slug: str = SLUG) -> list[dict[str, str]]:
    """Make an export and read it as a spreadsheet would."""
    petition = petition_id(slug)
    organiser = session.scalar(select(Organiser.id)) or make_organiser().id
    with transaction():
        export = exports.begin(petition, organiser, "To look", Contents(scope), now())
    text = made(export).decode("utf-8-sig")
    session.remove()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def addresses_waiting() -> list[str]:
    """Return to whom the outbox has still to write, or the worker first to take in what they sent.

    Signatures alone are looked for among what has arrived.
    """
    arrived = session.scalars(select(Arrival).where(Arrival.kind == SIGNATURE)).all()
    signers = [
        ArrivedSignature.from_bytes(
            unseal(Sealed(one.content_key, one.content), arrival_context(SIGNATURE))
        ).given.signer.email
        for one in arrived
    ]
    unfinished = OutboxMail.state.in_([MailState.QUEUED, MailState.SENDING])
    mails = session.execute(
        select(OutboxMail.content_key, OutboxMail.content, OutboxMail.message_id).where(unfinished)
    ).all()
    session.remove()
    return signers + [
        MailToWrite.from_bytes(unseal(Sealed(key or "", box or b""), mail_context(message_id))).to
        for key, box, message_id in mails
    ]
