"""Signs that a program rather than a person signs or writes, told by how often and how fast.

They never refuse a signature or a letter: they ask a moderator. Only to begin a letter, which
keeps something for a week before anybody confirms anything, one network may have to wait.
"""

from petition.signatures.models import HoldCause
from petition.supporters.addresses import domain_of
from petition.supporters.large_providers import LARGE_PROVIDERS
from petition.web.forms.networks import present_network
from petition.web.forms.rates import rates
from petition.web.site.settings import settings


def hold_for(email: str, *, honeypot: str | None, too_fast: bool) -> HoldCause | None:
    """Return why this signature should wait for a moderator, or None.

    A network alone is never refused: many people share a Tor exit, an office or a whole country's
    mobile gateway.
    """
    config, counted = settings(), rates(settings().redis)
    network = present_network()
    from_network = counted.count("network", network) if network else 0
    domain = domain_of(email)
    from_domain = 0 if domain in LARGE_PROVIDERS else counted.count("domain", domain)
    if honeypot:
        return HoldCause.HONEYPOT
    if too_fast:
        return HoldCause.TOO_FAST
    if from_network > config.network_limit:
        return HoldCause.NETWORK
    return HoldCause.MAIL_DOMAIN if from_domain > config.domain_limit else None


def may_begin_a_letter() -> bool:
    """Whether the network that the request came from has begun few enough letters in this hour."""
    network = present_network()
    if network is None:
        return True
    return rates(settings().redis).count("draft", network) <= settings().draft_limit
