"""Signs that a program rather than a person signs or writes: too many, too soon, from one place.

They never refuse a signature or a letter: they ask a moderator, and let mail leave later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config import Config
from petition.arrivals.budgets import Ledger, code_of
from petition.holds.models import HoldCause
from petition.outbox.actions import NO_WAIT
from petition.supporters.addresses import domain_of
from petition.supporters.large_providers import LARGE_PROVIDERS

Budgets = dict[HoldCause, tuple[bytes, int]]
"""The code of each, and how many an hour it has, by what asks for a moderator beyond it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for something that arrived."""

    hold: HoldCause | None
    """Why it should wait for a moderator."""
    wait: timedelta
    """How much later a mail leaves that asks to confirm it."""
    budgets: tuple[tuple[bytes, int], ...]
    """From which such a mail takes: the code of each, and how many an hour it has."""

    def note_mail(self, ledger: Ledger) -> None:
        """Take one from each budget: for a mail to somebody who has confirmed nothing, no other."""
        for code, an_hour in self.budgets:
            ledger.take(code, an_hour)


def budgets_of(email: str, network: bytes | None, at: datetime, config: Config) -> Budgets:
    """Return from which budgets a mail to an address takes that was typed in this network."""
    domain = domain_of(email)
    found: Budgets = {}
    if network:
        found[HoldCause.NETWORK] = (network, config.network_limit)
    if domain not in LARGE_PROVIDERS:
        code = code_of("domain", domain, at)
        found[HoldCause.MAIL_DOMAIN] = (code, config.domain_limit)
    return found


def judge(budgets: Budgets, ledger: Ledger, hold: HoldCause | None = None) -> Verdict:
    """Say what follows for something that a form brought in; `hold` is what the form itself tells.

    A network alone is never refused: many people share a Tor exit, an office or a whole country's
    mobile gateway.
    """
    waits = {cause: ledger.wait_for(*budget) for cause, budget in budgets.items()}
    exceeded = next((cause for cause, wait in waits.items() if wait), None)
    return Verdict(hold or exceeded, max(waits.values(), default=NO_WAIT), tuple(budgets.values()))
