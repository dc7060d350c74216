"""Links of a signature: making them, opening them, saying why one does not open."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import select, update

from petition.core.database import insert_into, session
from petition.core.errors import LinkExpired, LinkUnknown, LinkUsed
from petition.core.tokens import LINK_LIFETIME, digest, new_token
from petition.signatures.models import LinkPurpose, Signature, SignatureLink


class Letterhead(Protocol):
    """What the door knows and a mail needs: the site's name and the addresses of its pages."""

    @property
    def site_name(self) -> str:
        """Return the site's name."""

    def confirm_url(self, token: str) -> str:
        """Return the address of the page that confirms."""

    def manage_url(self, token: str) -> str:
        """Return the address of the page that manages."""


def new_link(
    signature_id: int, purpose: LinkPurpose, at: datetime, *, mail_number: int | None = None
) -> str:
    """Make a link and return its secret token, which is stored nowhere."""
    token = new_token()
    row = {
        "token_hash": token.digest,
        "signature_id": signature_id,
        "purpose": purpose,
        "mail_number": mail_number,
        "expires_at": at + LINK_LIFETIME,
    }
    session.execute(insert_into(SignatureLink), row)
    return token.secret


def open_link(token: str, purpose: LinkPurpose, at: datetime) -> Signature:
    """Return the signature that the link belongs to, changing nothing.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    link = _find(token, purpose)
    if link.used_at is not None:
        raise LinkUsed
    if link.expires_at <= at:
        raise LinkExpired
    return session.scalars(select(Signature).where(Signature.id == link.signature_id)).one()


def use_link(token: str, purpose: LinkPurpose, at: datetime) -> int:
    """Use the link up and return the signature's id; of two at once, one gets it.

    Raises LinkUnknown, LinkUsed or LinkExpired.
    """
    signature_id: int | None = session.scalar(
        update(SignatureLink)
        .where(
            SignatureLink.token_hash == digest(token),
            SignatureLink.purpose == purpose,
            SignatureLink.used_at.is_(None),
            SignatureLink.expires_at > at,
        )
        .values(used_at=at)
        .returning(SignatureLink.signature_id)
    )
    if signature_id is not None:
        return signature_id
    raise LinkUsed if _find(token, purpose).used_at else LinkExpired


def _find(token: str, purpose: LinkPurpose) -> SignatureLink:
    link = session.scalar(
        select(SignatureLink).where(
            SignatureLink.token_hash == digest(token), SignatureLink.purpose == purpose
        )
    )
    if link is None:
        raise LinkUnknown
    return link


def expiry(token: str) -> datetime:
    """Return when a link expires. Raises LinkUnknown."""
    found = select(SignatureLink.expires_at).where(SignatureLink.token_hash == digest(token))
    expires_at = session.scalar(found)
    if expires_at is None:
        raise LinkUnknown
    return expires_at
