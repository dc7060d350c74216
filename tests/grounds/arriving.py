"""What a worker does with what forms brought in, where a test runs none."""

from config import Config
from petition.worker.arrivals import Arrivals


def take_in_arrivals(config: Config) -> None:
    """Take in all that has arrived and is due."""
    arrivals = Arrivals(config)
    while arrivals.take_in():
        pass
