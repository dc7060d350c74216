"""Slows down whoever tries passwords, for the account and for the network apart.

An attempt is noted as a failure before it is made, and taken back when it succeeds: many at
once get no more tries than one after the other. Attempts during a wait are refused and do not
make it longer. Nothing is ever locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from petition.core.errors import DomainError
from petition.core.keyring.sealing import tag
from petition.core.storage.database import is_sqlite, session
from petition.organisers.models import LoginFailure

KEEP = timedelta(hours=24)
MOST_DOUBLINGS = 16
CLOCK_WENT_BACK = timedelta(seconds=10)
"""What failed so far ahead failed before that, and would keep everybody out until then."""


class TooManyTries(DomainError):
    """An attempt before its time; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Scope:
    """What failures are counted for, and how they slow it down."""

    tag: bytes
    free: int
    """Failures before the first wait, which is a second; it doubles with each more."""
    longest: timedelta
    remembered: timedelta


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt under way, noted as failed until it is forgiven."""

    failures: tuple[int, ...]


def account(email_tag: bytes) -> Scope:
    """Passwords for one address, whether or not somebody has it."""
    return Scope(tag("login-account", email_tag.hex()), 5, timedelta(seconds=60), KEEP)


def browser(mark: str) -> Scope:
    """Passwords typed in a browser that one organiser has logged in with before."""
    return Scope(tag("login-browser", mark), 5, timedelta(seconds=60), KEEP)


def codes(email_tag: bytes) -> Scope:
    """Second steps of one account. Who gets here knows the password, so the wait grows longer."""
    return Scope(tag("login-codes", email_tag.hex()), 5, timedelta(minutes=15), KEEP)


def of_account(email_tag: bytes) -> tuple[Scope, Scope]:
    """Return both scopes of an account, which a whole login clears."""
    return account(email_tag), codes(email_tag)


def network(address: str) -> Scope:
    """Everything from one network."""
    an_hour = timedelta(hours=1)
    return Scope(tag("login-network", address), 20, timedelta(minutes=15), an_hour)


def begin(scopes: Sequence[Scope], at: datetime) -> Attempt:
    """Note an attempt. Raises TooManyTries while one of the scopes has to wait."""
    scopes = sorted(scopes, key=lambda scope: scope.tag)
    for scope in scopes:
        _lock(scope)
    wait = max(_wait(scope, at) for scope in scopes)
    if wait > timedelta(0):
        raise TooManyTries(-(-wait // timedelta(seconds=1)))
    return Attempt(tuple(_note(scope, at) for scope in scopes))


def forgive(attempt: Attempt) -> None:
    """Take the attempt back: it succeeded."""
    session.execute(delete(LoginFailure).where(LoginFailure.id.in_(attempt.failures)))


def clear(*scopes: Scope) -> None:
    """Forget every failure of these scopes."""
    tags = [scope.tag for scope in scopes]
    session.execute(delete(LoginFailure).where(LoginFailure.scope_tag.in_(tags)))


def purge(at: datetime) -> None:
    """Forget failures that slow nobody down any more."""
    counts = LoginFailure.failed_at.between(at - KEEP, at + CLOCK_WENT_BACK)
    session.execute(delete(LoginFailure).where(~counts))


def _wait(scope: Scope, at: datetime) -> timedelta:
    failures, last = session.execute(
        select(func.count(), func.max(LoginFailure.failed_at)).where(
            LoginFailure.scope_tag == scope.tag,
            LoginFailure.failed_at.between(at - scope.remembered, at + CLOCK_WENT_BACK),
        )
    ).one()
    if failures < scope.free or last is None:
        return timedelta(0)
    doubled = timedelta(seconds=2 ** min(failures - scope.free, MOST_DOUBLINGS))
    wait: timedelta = last + min(doubled, scope.longest) - at
    return wait


def _note(scope: Scope, at: datetime) -> int:
    noted = insert(LoginFailure).values(scope_tag=scope.tag, failed_at=at)
    return session.execute(noted.returning(LoginFailure.id)).scalar_one()


def _lock(scope: Scope) -> None:
    """One attempt of a scope at a time; on SQLite a write transaction is alone already."""
    if not is_sqlite():
        number = int.from_bytes(scope.tag[:8], signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))
