"""What a worker does with what forms brought in, where a test runs none."""

from config import Config
from petition.worker.arrivals import of_letters, of_signatures


def take_in_arrivals(config: Config) -> None:
    """Take in all that has arrived and is due."""
    for arrivals in (of_signatures(config), of_letters(config)):
        while arrivals.take_in():
            pass
