"""What a worker for letters does, and where the letters are then."""

from sqlalchemy import update

from petition.cli.worker import Worker
from petition.core.clock import now
from petition.core.database import session, transaction
from petition.letters import halting
from petition.letters.queries import all_letter_campaigns, letter_campaign_to_change
from petition.organisers.models import Organiser
from petition.recipients.models import Mailroom
from tests.letters.posting import all_letters


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
            halting.stop(found, organiser.id, now())
    session.remove()


def set_mailrooms(**values: object) -> None:
    """Change how every office takes letters."""
    with transaction() as writing:
        writing.execute(update(Mailroom).values(**values))
