"""The tallies of every part: the worker keeps them, and they are held against the rows."""

from petition.core.storage.ledger import BATCH, Drift
from petition.letters.desk import tally as letters
from petition.signatures import tally as signatures

LEDGERS = (signatures.LEDGER, letters.LEDGER)


def take_in() -> bool:
    """Take changes in, from each of them; true when there may be more."""
    return BATCH in [ledger.take_in() for ledger in LEDGERS]


def drifts() -> list[Drift]:
    """Compare every total with its rows."""
    return [drift for ledger in LEDGERS for drift in ledger.drifts()]


def count_anew() -> None:
    """Make every total of the rows alone, where nothing changes them meanwhile."""
    for ledger in LEDGERS:
        ledger.count_anew()


def entries_waiting() -> int:
    """Return how many changes have not been taken in yet."""
    return sum(ledger.entries_waiting() for ledger in LEDGERS)
