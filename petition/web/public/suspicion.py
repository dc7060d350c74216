"""Signs that a program rather than a person signs. They never refuse: they ask a moderator."""

from functools import lru_cache

from flask import request
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from petition.core.clock import now
from petition.core.sealing import tag
from petition.signatures.models import HoldCause
from petition.supporters.addresses import domain_of
from petition.supporters.large_providers import LARGE_PROVIDERS
from petition.web.networks import network_of
from petition.web.settings import settings


def hold_for(email: str, *, honeypot: str | None, too_fast: bool) -> HoldCause | None:
    """Return why this signature should wait for a moderator, or None.

    A network alone is never refused: many people share a Tor exit, an office or a whole country's
    mobile gateway.
    """
    many_from_network = not _hit("network", network_of(request.remote_addr), _network_limit())
    many_from_domain = _is_small(email) and not _hit("domain", domain_of(email), _domain_limit())
    if honeypot:
        return HoldCause.HONEYPOT
    if too_fast:
        return HoldCause.TOO_FAST
    if many_from_network:
        return HoldCause.NETWORK
    return HoldCause.MAIL_DOMAIN if many_from_domain else None


def _is_small(email: str) -> bool:
    return domain_of(email) not in LARGE_PROVIDERS


def _hit(kind: str, value: str, limit: str) -> bool:
    """Count one more; the key is a tag of the day, so that the counts name nobody."""
    key = tag(f"rate:{kind}:{now().date()}", value).hex()
    return _limiter(settings().limit_storage).hit(_parsed(limit), kind, key)


def _network_limit() -> str:
    return settings().network_limit


def _domain_limit() -> str:
    return settings().domain_limit


_parsed = lru_cache(parse)


@lru_cache
def _limiter(storage: str) -> FixedWindowRateLimiter:
    return FixedWindowRateLimiter(storage_from_string(storage))
