"""The signed token of public forms: when the page was made, and which text it showed.

It stands in for a session: public pages set no cookie. It binds the post to the text that its
reader saw, and tells how long the form was open.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, TimestampSigner

from petition.core.clock import now
from petition.core.sealing import signing_key

SOONEST = timedelta(seconds=2)
LATEST = timedelta(hours=24)


class TokenStale(Exception):
    """The form was open for more than a day, or its token is not one of ours."""


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a valid token says."""

    text_id: int
    issued_at: datetime

    @property
    def is_too_fast(self) -> bool:
        """Whether the form came back sooner than a person could have filled it in."""
        return now() - self.issued_at < SOONEST


def _signer(petition_id: int) -> TimestampSigner:
    return TimestampSigner(signing_key(), salt=f"public-form:{petition_id}")


def issue(petition_id: int, text_id: int) -> str:
    """Return a token for a form on the page of this petition."""
    return _signer(petition_id).sign(str(text_id)).decode()


def read(token: str, petition_id: int) -> FormToken:
    """Read a token that came back. Raises TokenStale."""
    try:
        value, issued_at = _signer(petition_id).unsign(token, return_timestamp=True)
        text_id = int(value)
    except (BadSignature, ValueError):
        raise TokenStale from None
    if not timedelta(seconds=-5) <= now() - issued_at <= LATEST:
        raise TokenStale
    return FormToken(text_id, issued_at)
