"""Signs that a program rather than a person signs or writes: too many, too soon, from one place.

They never refuse a signature or a letter: they ask a moderator, and let mail leave later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config import Config
from petition.arrivals import budgets
from petition.holds.models import HoldCause
from petition.outbox.actions import NO_WAIT
from petition.supporters.addresses import domain_of
from petition.supporters.large_providers import LARGE_PROVIDERS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for something that arrived."""

    hold: HoldCause | None
    """Why it should wait for a moderator."""
    wait: timedelta
    """How much later a mail leaves that asks to confirm it."""
    budgets: tuple[tuple[bytes, int], ...]
    """From which such a mail takes: the code of each, and how many an hour it has."""

    def note_mail(self, at: datetime) -> None:
        """Take one from each budget: for a mail to somebody who has confirmed nothing, no other."""
        for code, an_hour in self.budgets:
            budgets.take(code, an_hour, at)


def judge(
    email: str, network: bytes | None, at: datetime, config: Config, hold: HoldCause | None = None
) -> Verdict:
    """Say what follows for something that a form brought in.

    `network` is the code of the network that it came from; `hold` is what the form itself tells.
    A network alone is never refused: many people share a Tor exit, an office or a whole country's
    mobile gateway.
    """
    domain = domain_of(email)
    causes: dict[HoldCause, tuple[bytes, int]] = {}
    if network:
        causes[HoldCause.NETWORK] = (network, config.network_limit)
    if domain not in LARGE_PROVIDERS:
        code = budgets.code_of("domain", domain, at)
        causes[HoldCause.MAIL_DOMAIN] = (code, config.domain_limit)
    waits = {cause: budgets.wait_for(*budget, at) for cause, budget in causes.items()}
    exceeded = next((cause for cause, wait in waits.items() if wait), None)
    return Verdict(hold or exceeded, max(waits.values(), default=NO_WAIT), tuple(causes.values()))
