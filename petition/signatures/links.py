"""What links to a signature do beyond what all mailed links do."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from petition.core.errors import LinkUsed
from petition.core.keyring.sealing import SealBroken, Sealed
from petition.core.log import log
from petition.core.storage.database import session
from petition.core.storage.together import Write
from petition.core.tokens import digest
from petition.links.actions import Found, Links, given_in
from petition.links.models import LinkPurpose, MailedLink
from petition.outbox.actions import take_back, taking_back
from petition.outbox.origins import SIGNATURE, origin_of
from petition.petitions.models import Petition
from petition.signatures.emails import KINDS
from petition.signatures.models import Signature, SignatureState
from petition.signatures.persons import Person

SIGNATURE_LINKS = Links(SIGNATURE, Signature)

SEALED_PERSON = (Signature.supporter_tag, Signature.person, Signature.person_key)
"""The columns from which `sealed_address` reads."""


def sealed_address(row: Row[*tuple[Any, ...]] | Signature) -> str | None:
    """Return the address under which a signature was given; None where its seal does not open.

    It is the only one to which a link to the signature goes.
    """
    try:
        return Person.unseal(Sealed(row.person_key, row.person), row.supporter_tag).email
    except SealBroken as fault:
        log.error("a signature does not open: nobody is mailed about it", exc_info=fault)
        return None


def given_by(token: str) -> bytes | None:
    """Return what a link confirms, where that differs from what the signature says so far."""
    return given_in(SIGNATURE_LINKS.find(token, LinkPurpose.CONFIRM))


def using_link(signature_id: int, token: str, at: datetime) -> tuple[Write, Write]:
    """Return what uses a confirming link up; a mail with another that waits does not leave."""
    waiting = taking_back(origin_of(SIGNATURE, signature_id), KINDS[LinkPurpose.CONFIRM])
    return waiting, SIGNATURE_LINKS.using(signature_id, token, at)


def just_confirmed(token: str, at: datetime) -> Found[Signature]:
    """Return the signature that the button of this link has confirmed some minutes ago.

    Raises LinkUsed otherwise.
    """
    found = SIGNATURE_LINKS.just_used(token, at)
    if found.thing.state != SignatureState.CONFIRMED:
        raise LinkUsed(SIGNATURE, LinkPurpose.CONFIRM)
    return found


def drop_links(signature_id: int, purpose: LinkPurpose) -> None:
    """Delete the links of a signature that open it for this purpose, with mails that wait."""
    take_back(origin_of(SIGNATURE, signature_id), KINDS[purpose])
    SIGNATURE_LINKS.drop(signature_id, purpose)


def petition_behind(token: str) -> str | None:
    """Return the slug of the petition that a link belonged to, though it opens nothing more."""
    return session.scalar(
        select(Petition.slug)
        .join(Signature, Signature.petition_id == Petition.id)
        .join(MailedLink, MailedLink.signature_id == Signature.id)
        .where(MailedLink.token_hash == digest(token))
    )
