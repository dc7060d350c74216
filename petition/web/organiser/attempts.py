"""Trying a secret at this door: slowed down after failures, never in a long transaction."""

from collections.abc import Callable
from typing import TypeVar

from flask import request

from petition.core.clock import now
from petition.core.database import transaction
from petition.organisers import throttling
from petition.web.networks import network_of

Found = TypeVar("Found")


def attempt(scope: throttling.Scope, check: Callable[[], Found | None]) -> Found | None:
    """Return what `check` finds. Raises TooManyTries.

    The check runs between two transactions: hashing a password must hold up nobody's signature.
    """
    with transaction():
        noted = throttling.begin([scope, _network()], now())
    found = check()
    if found is not None:
        with transaction():
            throttling.forgive(noted)
    return found


def _network() -> throttling.Scope:
    return throttling.network(network_of(request.remote_addr))
