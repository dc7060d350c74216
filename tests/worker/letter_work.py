"""What a worker for letters does, and where the letters are then."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text, update

from petition.core.clock import now
from petition.core.storage.database import is_sqlite, session, transaction
from petition.letters.campaigns import halting
from petition.letters.campaigns.queries import all_letter_campaigns, letter_campaign_to_change
from petition.organisers.models import Organiser
from petition.recipients.models import Mailroom
from petition.worker.loops import Worker
from tests.letters.posting import all_letters

REFUSE_ON_SQLITE = (
    (
        "CREATE TRIGGER refuse BEFORE UPDATE ON {table} WHEN OLD.state = 'sending'"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END"
    ),
)
REFUSE_ON_POSTGRESQL = (
    (
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'refused'; END $$"
    ),
    (
        "CREATE TRIGGER refuse BEFORE UPDATE ON {table} FOR EACH ROW"
        " WHEN (OLD.state = 'sending') EXECUTE FUNCTION refuse()"
    ),
)


def work(worker: Worker) -> None:
    """Let the worker send letters until it has no more to do."""
    while worker.letter_post.send_letters():
        pass


def states() -> list[str]:
    """Return where each letter is, oldest first."""
    return [letter.state.value for letter in all_letters()]


def stop_everything(organiser: Organiser) -> None:
    """Press the kill switch of every letter campaign."""
    with transaction():
        for slug in [one.slug for one in all_letter_campaigns()]:
            found = letter_campaign_to_change(slug)
            assert found is not None
            halting.halt(found, organiser.id, now())
    session.remove()


@contextmanager
def nothing_can_be_noted(table: str = "letter") -> Iterator[None]:
    """Let the database refuse to note what became of any letter, or of any mail."""
    with transaction() as writing:
        for statement in REFUSE_ON_SQLITE if is_sqlite() else REFUSE_ON_POSTGRESQL:
            writing.execute(text(statement.format(table=table)))
    try:
        yield
    finally:  # tests share a database: the next one must be able to note again
        session.remove()
        with transaction() as writing:
            writing.execute(text(f"DROP TRIGGER refuse {'' if is_sqlite() else f'ON {table}'}"))


def set_mailrooms(**values: object) -> None:
    """Change how every office takes letters."""
    with transaction() as writing:
        writing.execute(update(Mailroom).values(**values))
