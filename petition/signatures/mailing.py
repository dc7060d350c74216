"""What is mailed about a signature, and to which address. Nothing here commits."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from petition.core.storage.database import session
from petition.links.actions import MANAGE_LINKS_A_DAY
from petition.links.letterhead import Addressee, Letterhead
from petition.links.models import LinkPurpose
from petition.outbox.actions import post
from petition.outbox.origins import SIGNATURE, origin_of
from petition.petitions.asks import Ask, ask_as_signed
from petition.signatures.emails import confirm_signature, manage_signature
from petition.signatures.links import SIGNATURE_LINKS, sealed_address
from petition.signatures.models import Signature, SignatureState

NO_WAIT = timedelta()


def mail_confirmation(
    ask: Ask,
    signature_id: int,
    to: Addressee,
    letterhead: Letterhead,
    at: datetime,
    *,
    mail_number: int,
    given: bytes | None = None,
    wait: timedelta = NO_WAIT,
) -> None:
    """Mail a link to confirm; `given` is what it confirms, where the signature says otherwise."""
    token = SIGNATURE_LINKS.issue(
        signature_id, LinkPurpose.CONFIRM, at, number=mail_number, given=given
    )
    message = confirm_signature(
        to=to.email,
        language=to.language,
        petition_title=ask.title,
        site_name=letterhead.site_name,
        confirm_url=letterhead.address(SIGNATURE, LinkPurpose.CONFIRM, token),
    )
    origin = origin_of(SIGNATURE, signature_id)
    post(message, origin=origin, at=at, unconfirmed=True, wait=wait)


def mail_at_last(signature: Signature, letterhead: Letterhead, at: datetime) -> bool | None:
    """Mail the link to confirm a signature that a moderator has accepted, if none was mailed yet.

    True where a mail leaves, False where the signature does not open; None where none is due.
    """
    is_due = signature.state == SignatureState.PENDING and not signature.on_hold
    if not is_due or session.scalar(select(SIGNATURE_LINKS.has(signature.id))):
        return None
    address = sealed_address(signature)
    if address is None:
        return False
    ask = ask_as_signed(signature.text_id, signature.language)
    to = Addressee(address, signature.language)
    mail_confirmation(ask, signature.id, to, letterhead, at, mail_number=1)
    return True


def mail_management(
    ask: Ask,
    signature: Row[*tuple[Any, ...]],
    language: str,
    letterhead: Letterhead,
    at: datetime,
) -> None:
    """Mail the link to the address that was confirmed, whatever spelling of it was typed now.

    `signature` is one that `found_before` has found.
    """
    address = sealed_address(signature)
    if address is None or signature.manage_links_today >= MANAGE_LINKS_A_DAY:
        return
    token = SIGNATURE_LINKS.issue(signature.id, LinkPurpose.MANAGE, at)
    message = manage_signature(
        to=address,
        language=language,
        petition_title=ask.title,
        site_name=letterhead.site_name,
        manage_url=letterhead.address(SIGNATURE, LinkPurpose.MANAGE, token),
    )
    post(message, origin=origin_of(SIGNATURE, signature.id), at=at)
