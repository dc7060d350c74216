"""What signers asked for after a backup was made, done again once it is restored."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import String, cast, delete, func, literal, select

from petition.arrivals import actions as arrivals
from petition.arrivals.actions import Arrived
from petition.core.keyring.journal import Entry, Wish
from petition.core.keyring.sealing import SealBroken, if_whole
from petition.core.storage.database import rows_of, session
from petition.links.models import CONFIRMATION_MAILS, MailedLink
from petition.outbox.models import UNFINISHED, OutboxMail
from petition.outbox.origins import SIGNATURE
from petition.signatures.actions import SHOWN_AS, change_visibility, stop_mail
from petition.signatures.arriving import LINK_REQUEST, ArrivedSignature
from petition.signatures.arriving import SIGNATURE as SIGNATURE_ARRIVAL
from petition.signatures.models import Signature, SignatureState
from petition.signatures.moments import moments_of
from petition.signatures.removals import erase, stay_invalidated, withdraw

APPEARANCES = {wish: visibility for visibility, wish in SHOWN_AS.items()}
ABOUT_SIGNATURES = {
    *(Wish.ERASED, Wish.WITHDRAWN, Wish.SIGNED_AGAIN, Wish.NO_MAIL),
    *(Wish.INVALIDATED, Wish.REASON_HIDDEN),
    *APPEARANCES,
}

_links = rows_of(MailedLink)


def let_be_mailed_again() -> None:
    """Let whoever waits for all of their confirmation mails, which will be dropped, ask for one.

    The first may have left since, and its link stays good. No commit.
    """
    origin = literal(f"{SIGNATURE}:") + cast(_links.c.signature_id, String)
    waiting = select(func.count()).where(
        OutboxMail.origin == origin, UNFINISHED, OutboxMail.unconfirmed
    )
    session.execute(
        delete(_links).where(
            _links.c.number == CONFIRMATION_MAILS,
            _links.c.used_at.is_(None),
            waiting.scalar_subquery() == CONFIRMATION_MAILS,
        )
    )


def drop_arrivals(entries: Iterable[Entry]) -> int:
    """Drop what had arrived from whoever has taken part since; return how many. No commit.

    Nobody who was erased is asked to confirm. Requests for a link go all: it was mailed since.
    """
    wishes = [(entry.tag, entry.at) for entry in entries]
    gone = [one for one in arrivals.of_kind(SIGNATURE_ARRIVAL) if _has_taken_part(one, wishes)]
    gone += arrivals.of_kind(LINK_REQUEST)
    arrivals.drop(gone)
    return len(gone)


def _has_taken_part(arrived: Arrived, wishes: Sequence[tuple[bytes, datetime]]) -> bool:
    """Whether who sent this has asked for anything since; true where it cannot be read."""
    try:
        at = ArrivedSignature.from_bytes(arrived.opened()).given.at
    except (SealBroken, ValueError, TypeError, KeyError):
        return True
    return any(tag == arrived.about and at <= asked_at for tag, asked_at in wishes)


def carry_out(entries: Iterable[Entry]) -> Counter[Wish]:
    """Do again what was asked of signatures that are back; return how often which. No commit.

    A reason that a moderator hid and showed again is hidden: they read it once more. A later
    signature of the same mailbox has another number. Whoever withdrew, wanted no mail or
    chose how their name appears, and signed again after that, keeps what they said last.
    """
    done: Counter[Wish] = Counter()
    for wishes in _last_ones(entries).values():
        erased = wishes.get(Wish.ERASED)
        for entry in [erased] if erased else wishes.values():
            signature = session.get(Signature, entry.number)
            if signature is None or signature.supporter_tag != entry.tag:
                continue
            done[entry.wish] += _carry_out(entry, signature)
    return done


def _last_ones(entries: Iterable[Entry]) -> dict[int, dict[Wish, Entry]]:
    """Return the wishes that still hold, by the signature's number."""
    holding: dict[int, dict[Wish, Entry]] = {}
    about = (entry for entry in entries if entry.wish in ABOUT_SIGNATURES)
    # Whoever signs again says the rest at that very moment.
    for entry in sorted(about, key=lambda one: (one.at, one.wish != Wish.SIGNED_AGAIN)):
        wishes = holding.setdefault(entry.number, {})
        for past in _taken_back_by(entry.wish):
            wishes.pop(past, None)
        if entry.wish != Wish.SIGNED_AGAIN:
            wishes[entry.wish] = entry
    return holding


def _taken_back_by(wish: Wish) -> set[Wish]:
    """Return the wishes that do not hold any more after this one."""
    if wish == Wish.SIGNED_AGAIN:
        return {Wish.WITHDRAWN, Wish.NO_MAIL, Wish.REASON_HIDDEN, *APPEARANCES}
    return set(APPEARANCES) if wish in APPEARANCES else set()


def _carry_out(entry: Entry, signature: Signature) -> bool:
    """Do one; false where the signature says already what was asked, or something newer."""
    moments = moments_of(signature, if_whole(signature.opened))
    if entry.wish == Wish.ERASED:
        if moments.signed_at > entry.at:
            return False
        erase(signature, entry.at)
        return True
    if entry.wish == Wish.NO_MAIL:
        if not signature.mail_allowed or moments.mail_answered_at > entry.at:
            return False
        stop_mail(signature, entry.at)
        return True
    if entry.wish in APPEARANCES:
        visibility = APPEARANCES[entry.wish]
        if signature.visibility == visibility or moments.signed_at > entry.at:
            return False
        change_visibility(signature, visibility, entry.at)
        return True
    if entry.wish == Wish.INVALIDATED:
        return stay_invalidated(signature, entry.at)
    if entry.wish == Wish.REASON_HIDDEN:
        was_shown, signature.reason_shown = signature.reason_shown, False
        return was_shown
    is_newer = moments.confirmed_at is not None and moments.confirmed_at > entry.at
    if signature.state != SignatureState.CONFIRMED or is_newer:
        return False
    withdraw(signature, entry.at)
    return True
