"""What a worker for letters does, and where the letters are then."""

from sqlalchemy import update

from petition.cli.worker import Worker
from petition.core.database import transaction
from petition.recipients.models import Mailroom
from tests.letters.posting import all_letters


def work(worker: Worker) -> None:
    """Let the worker send letters until it has no more to do."""
    while worker.letter_post.send_letters():
        pass


def states() -> list[str]:
    """Return where each letter is, oldest first."""
    return [letter.state.value for letter in all_letters()]


def set_mailrooms(**values: object) -> None:
    """Change how every office takes letters."""
    with transaction() as writing:
        writing.execute(update(Mailroom).values(**values))
