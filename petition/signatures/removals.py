"""How a signature leaves the count: withdrawn, erased or struck. None of the verbs commits."""

from datetime import datetime

from sqlalchemy import delete

from petition.core.database import session
from petition.outbox.actions import forget
from petition.signatures.models import (
    LinkPurpose,
    Removal,
    RemovalCause,
    Signature,
    SignatureLink,
    SignatureState,
    origin_of,
)
from petition.signatures.tally import enter


def withdraw(signature: Signature, at: datetime) -> None:
    """Take a confirmed signature back; its owner may sign again."""
    if not _remove(signature, RemovalCause.WITHDRAWN, at):
        return
    session.execute(
        delete(SignatureLink).where(
            SignatureLink.signature_id == signature.id,
            SignatureLink.purpose == LinkPurpose.CONFIRM,
        )
    )
    signature.state = SignatureState.WITHDRAWN
    signature.reason_shown = False


def erase(signature: Signature, at: datetime) -> None:
    """Delete everything about the signature; what stays names no person."""
    _remove(signature, RemovalCause.ERASED, at)
    forget(origin_of(signature.id))
    session.execute(delete(Signature).where(Signature.id == signature.id))


def invalidate(signature: Signature, organiser_id: int, why: str, at: datetime) -> None:
    """Strike a confirmed signature that is not genuine; any other stays as it is."""
    if not _remove(signature, RemovalCause.INVALIDATED, at, organiser_id=organiser_id, why=why):
        return
    signature.state = SignatureState.INVALIDATED
    signature.reason_shown = False


def _remove(
    signature: Signature,
    cause: RemovalCause,
    at: datetime,
    *,
    organiser_id: int | None = None,
    why: str | None = None,
) -> bool:
    session.refresh(signature, with_for_update=True)
    if signature.state != SignatureState.CONFIRMED or signature.confirmed_at is None:
        return False
    session.add(
        Removal(
            petition_id=signature.petition_id,
            signature_id=signature.id,
            cause=cause,
            confirmed_at=signature.confirmed_at,
            removed_at=at,
            organiser_id=organiser_id,
            why=why,
        )
    )
    if signature.counts:
        enter(signature.petition_id, -1, signature.country, signature.confirmed_at)
    return True
