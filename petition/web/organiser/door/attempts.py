"""Trying a secret at this door: slowed down after failures, never in a long transaction."""

from collections.abc import Callable
from typing import TypeVar

from petition.core.clock import now
from petition.core.storage.database import transaction
from petition.organisers import throttling
from petition.web.forms.networks import present_network
from petition.web.organiser.door import device_mark

Found = TypeVar("Found")


def attempt_password(email_tag: bytes, check: Callable[[], Found | None]) -> Found | None:
    """Return what `check` finds of a password for this address. Raises TooManyTries."""
    mark = device_mark.mark_of(email_tag)
    if mark is not None:
        return _attempt([throttling.browser(mark)], check)
    return _attempt([throttling.account(email_tag), *_networks()], check)


def attempt_code(email_tag: bytes, check: Callable[[], Found | None]) -> Found | None:
    """Return what `check` finds of a code of this account. Raises TooManyTries."""
    known = device_mark.mark_of(email_tag) is not None
    codes = throttling.codes(email_tag)
    return _attempt([codes] if known else [codes, *_networks()], check)


def _attempt(scopes: list[throttling.Scope], check: Callable[[], Found | None]) -> Found | None:
    """Check between two transactions: hashing a password must hold up nobody's signature."""
    with transaction():
        noted = throttling.begin(scopes, now())
    found = check()
    if found is not None:
        with transaction():
            throttling.forgive(noted)
    return found


def _networks() -> list[throttling.Scope]:
    """Return the network that is slowed down; none where it is unknown: all would wait for all."""
    network = present_network()
    return [throttling.network(network)] if network else []
