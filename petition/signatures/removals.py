"""How a signature leaves the count: withdrawn, erased or invalidated. None of the verbs commits."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, insert, literal_column, select, update

from petition.arrivals import actions as arrivals
from petition.core.clock import hour_of
from petition.core.errors import LinkUsed
from petition.core.keyring.journal import Wish, note
from petition.core.keyring.sealing import seal
from petition.core.storage.database import rows_of, session
from petition.core.tokens import LINK_LIFETIME
from petition.links.actions import drop_one
from petition.links.models import LinkPurpose, MailedLink
from petition.outbox.actions import drop_mails, keep_news_from
from petition.outbox.ceiling import may_wait_still, waits
from petition.outbox.origins import SIGNATURE, origin_of
from petition.signatures.links import drop_links, given_by, sealed_address
from petition.signatures.models import (
    Removal,
    RemovalCause,
    Signature,
    SignatureState,
    removal_context,
)
from petition.signatures.signers import Signing
from petition.signatures.tally import enter
from petition.supporters.addresses import is_spelled_alike

KEEP_UNCONFIRMED = timedelta(days=7)
PURGED_AT_ONCE = 100


def withdraw(signature: Signature, at: datetime) -> None:
    """Take a confirmed signature back; its owner may sign again."""
    if not _remove(signature, RemovalCause.WITHDRAWN, at):
        return
    drop_links(signature.id, LinkPurpose.CONFIRM)
    signature.state = SignatureState.WITHDRAWN
    signature.reason_shown = False
    session.flush()
    note(Wish.WITHDRAWN, signature.id, signature.supporter_tag, at)


def decline(signature: Signature, token: str, at: datetime) -> bool:
    """Refuse what a link would confirm; true when all that was noted is erased with it.

    A signature that never counted is erased at once. One that was withdrawn before stays as its
    owner left it; its open links are gone. Where the link went to another spelling of the address
    than the signature's, what it carries goes and nothing else: that may be somebody else's.
    Raises LinkUsed when it was confirmed meanwhile.
    """
    if signature.state not in {SignatureState.PENDING, SignatureState.WITHDRAWN}:
        raise LinkUsed(SIGNATURE, LinkPurpose.CONFIRM)
    if not _is_by_its_signer(signature, token):
        drop_one(token)
        return True
    if signature.state == SignatureState.PENDING:
        erase(signature, at)
        return True
    drop_links(signature.id, LinkPurpose.CONFIRM)
    return False


def _is_by_its_signer(signature: Signature, token: str) -> bool:
    """Whether a link went to the very address that the signature has."""
    given = given_by(token)
    if given is None:
        return True
    return is_spelled_alike(sealed_address(signature), Signing.from_bytes(given).signer.email)


def erase(signature: Signature, at: datetime) -> None:
    """Delete everything about the signature; what stays names no person.

    What its mailbox has sent again and no worker has taken in goes too.
    """
    arrivals.take_back(signature.supporter_tag)
    _remove(signature, RemovalCause.ERASED, at)
    session.execute(
        update(Removal)
        .where(Removal.signature_id == signature.id)
        .values(why_box=None, why_key=None)
    )
    drop_mails(origin_of(SIGNATURE, signature.id))
    session.execute(delete(Signature).where(Signature.id == signature.id))
    note(Wish.ERASED, signature.id, signature.supporter_tag, at)


def invalidate(signature: Signature, organiser_id: int, why: str, at: datetime) -> None:
    """Mark a confirmed signature as not genuine; any other stays as it is."""
    if not _remove(signature, RemovalCause.INVALIDATED, at, organiser_id=organiser_id, why=why):
        return
    signature.state = SignatureState.INVALIDATED
    signature.reason_shown = False
    session.flush()
    note(Wish.INVALIDATED, signature.id, signature.supporter_tag, at)


def stay_invalidated(signature: Signature, at: datetime) -> bool:
    """Invalidate what was invalidated since a backup; false where it is already.

    There it may still wait for its owner's confirmation, which it must not get any more. Who
    invalidated it, and why, was lost.
    """
    if signature.state == SignatureState.INVALIDATED:
        return False
    if not _remove(signature, RemovalCause.INVALIDATED, at):
        signature.confirmed_at = hour_of(at)
    drop_links(signature.id, LinkPurpose.CONFIRM)
    signature.state = SignatureState.INVALIDATED
    signature.reason_shown = False
    session.flush()
    return True


def _remove(
    signature: Signature,
    cause: RemovalCause,
    at: datetime,
    *,
    organiser_id: int | None = None,
    why: str | None = None,
) -> bool:
    session.refresh(signature, with_for_update=True)
    if signature.state != SignatureState.CONFIRMED and cause != RemovalCause.ERASED:
        return False
    keep_news_from(origin_of(SIGNATURE, signature.id))
    sealed = seal(why.encode(), removal_context(signature.id)) if why else None
    session.add(
        Removal(
            petition_id=signature.petition_id,
            signature_id=signature.id,
            cause=cause,
            signed_at=signature.signed_at,
            confirmed_at=signature.confirmed_at,
            removed_at=hour_of(at),
            organiser_id=organiser_id,
            why_box=sealed and sealed.box,
            why_key=sealed and sealed.key_id,
        )
    )
    if signature.counts and signature.confirmed_at is not None:
        enter(signature.petition_id, -1, signature.country, signature.confirmed_at)
    return True


def purge_words(at: datetime) -> bool:
    """Delete what some links carry that nobody pressed within a week; true when there may be more.

    Where the signature itself was confirmed or withdrawn, nothing else takes them along. They go
    on saying that they are too old.
    """
    links = rows_of(MailedLink)
    old = (
        select(links.c.token_hash)
        .where(
            links.c.given.is_not(None),
            links.c.expires_at <= at - KEEP_UNCONFIRMED + LINK_LIFETIME,
            ~waits(SIGNATURE, links.c.signature_id),  # its hours begin when it leaves
        )
        .limit(PURGED_AT_ONCE)
    )
    emptied = update(links).where(links.c.token_hash.in_(old)).values(given=None, given_key=None)
    return bool(session.execute(emptied).rowcount == PURGED_AT_ONCE)  # type: ignore[attr-defined]


def purge_pending(at: datetime) -> int:
    """Erase some signatures that nobody confirmed within a week; return how many.

    Their links expire before that, and say so until then. Few at a time: where one writes at once,
    people who sign meanwhile must not wait.
    """
    still_fresh = exists().where(
        MailedLink.signature_id == Signature.id,
        MailedLink.expires_at > at - KEEP_UNCONFIRMED + LINK_LIFETIME,
    )
    old = (
        select(Signature.id, Signature.petition_id, Signature.signed_at)
        .where(
            Signature.state == SignatureState.PENDING,
            literal_column("signature.state <> 'confirmed'"),  # as the partial index says it
            Signature.signed_at < at - KEEP_UNCONFIRMED,
            ~still_fresh,
            ~may_wait_still(SIGNATURE, Signature.id, at),
        )
        .limit(PURGED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(old).all()
    if not found:
        return 0
    removal = {"cause": RemovalCause.ERASED, "removed_at": hour_of(at)}
    session.execute(
        insert(Removal),
        [
            {"petition_id": row.petition_id, "signature_id": row.id, "signed_at": row.signed_at}
            | removal
            for row in found
        ],
    )
    drop_mails(*(origin_of(SIGNATURE, row.id) for row in found))
    session.execute(delete(Signature).where(Signature.id.in_([row.id for row in found])))
    return len(found)
