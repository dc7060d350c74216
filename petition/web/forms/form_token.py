"""The signed token of public forms: when the page was made, and which text it showed.

It stands in for a session: public pages set no cookie. It binds the post to the text that its
reader saw, and tells how long the form was open. Its scope is a petition's number, or the name of
what else the page is about: a token of one page opens no other.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from flask_babel import gettext as _
from itsdangerous import BadSignature, Signer
from wtforms.validators import ValidationError

from petition.core.clock import now
from petition.core.keyring.sealing import signing_key

SOONEST = timedelta(seconds=2)
LATEST = timedelta(hours=24)
MOST_SIGNERS = 64


class TokenStale(Exception):
    """The form was open for more than a day, or its token is not one of ours."""


class TokenOld(TokenStale):
    """The token is one of ours, and more than a day old."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a valid token says."""

    text_id: int
    issued_at: datetime

    @property
    def is_too_fast(self) -> bool:
        """Whether the form came back sooner than a person could have filled it in."""
        return now() - self.issued_at < SOONEST


def _signer(scope: int | str) -> Signer:
    return _signer_under(signing_key(), scope)


@lru_cache(maxsize=MOST_SIGNERS)
def _signer_under(key: bytes, scope: int | str) -> Signer:
    return Signer(key, salt=f"public-form:{scope}", digest_method=sha256)


def issue(scope: int | str, text_id: int) -> str:
    """Return a token for a form on the page of this petition, or of another scope."""
    return _issue(scope, text_id, now())


def _issue(scope: int | str, text_id: int, at: datetime) -> str:
    return _signer(scope).sign(f"{text_id}-{at.timestamp():.3f}").decode()


def issue_again(token: str | None, scope: int | str, text_id: int) -> str:
    """Return a fresh token for a form that came back with an error.

    Whoever had one of ours need not wait again; a program that had none gains nothing.
    """
    try:
        read(token or "", scope)
    except TokenOld:
        pass
    except TokenStale:
        return issue(scope, text_id)
    return _issue(scope, text_id, now() - SOONEST)


def read(token: str, scope: int | str) -> FormToken:
    """Read a token that came back. Raises TokenStale."""
    try:
        text_id, _dash, seconds = _signer(scope).unsign(token).decode().partition("-")
        said = FormToken(int(text_id), datetime.fromtimestamp(float(seconds), UTC))
    except (BadSignature, ValueError):
        raise TokenStale from None
    if now() - said.issued_at > LATEST:
        raise TokenOld
    return said


def require(token: str | None, scope: int | str) -> FormToken:
    """Read a token for a form's check. Raises ValidationError, worded for the person at it."""
    try:
        return read(token or "", scope)
    except TokenStale:
        raise ValidationError(
            _("This page was open for a long time. Nothing is lost: press the button once more")
        ) from None
