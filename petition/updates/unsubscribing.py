"""Ending news by the link in each of their mails, which works for years. Nothing here commits."""

from datetime import datetime

from sqlalchemy import select

from petition.core.errors import LinkUnknown
from petition.core.keyring import hidden_numbers
from petition.core.storage.database import session
from petition.outbox.origins import SIGNATURE
from petition.signatures.actions import stop_mail
from petition.signatures.models import Signature

SCOPE = "unsubscribe"


def token_for(signature_id: int) -> str:
    """Return what the link has that ends the news to this signer: it is always the same."""
    return hidden_numbers.hidden(SCOPE, signature_id)


def gets_news(token: str) -> bool:
    """Whether whoever has this link may be e-mailed still: no, too, once all is erased.

    Raises LinkUnknown where the link is none of ours.
    """
    its = select(Signature.mail_allowed).where(Signature.id == _number_in(token))
    return session.scalar(its) or False


def unsubscribe(token: str, at: datetime) -> None:
    """Take back the permission to be e-mailed; once it is taken back, or all is erased, nothing.

    Raises LinkUnknown.
    """
    number = _number_in(token)
    signature = session.get(Signature, number, with_for_update=True, populate_existing=True)
    if signature is not None:
        stop_mail(signature, at)


def _number_in(token: str) -> int:
    number = hidden_numbers.shown(SCOPE, token)
    if number is None:
        raise LinkUnknown(SIGNATURE)
    return number
