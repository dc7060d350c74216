"""Signs that a program rather than a person signs or writes: too many, too soon, from one place.

They never refuse a signature or a letter: they ask a moderator, and let mail leave later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config import Config
from petition.arrivals import budgets
from petition.signatures.models import HoldCause
from petition.supporters.addresses import domain_of
from petition.supporters.large_providers import LARGE_PROVIDERS


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for something that arrived."""

    hold: HoldCause | None
    """Why it should wait for a moderator."""
    wait: timedelta
    """How much later mail about it leaves than at once."""


def judge(
    email: str, network: bytes | None, at: datetime, config: Config, hold: HoldCause | None = None
) -> Verdict:
    """Count what a form brought in, and say what follows.

    `network` is the code of the network that it came from; `hold` is what the form itself tells.

    A network alone is never refused: many people share a Tor exit, an office or a whole country's
    mobile gateway.
    """
    nothing = timedelta()
    of_network = budgets.take(network, config.network_limit, at) if network else nothing
    domain = domain_of(email)
    code = budgets.code_of("domain", domain, at)
    is_large = domain in LARGE_PROVIDERS
    of_domain = nothing if is_large else budgets.take(code, config.domain_limit, at)
    if hold is None and of_network:
        hold = HoldCause.NETWORK
    if hold is None and of_domain:
        hold = HoldCause.MAIL_DOMAIN
    return Verdict(hold, max(of_network, of_domain))
