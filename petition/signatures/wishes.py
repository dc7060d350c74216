"""What signers asked for after a backup was made, done again once it is restored."""

from collections import Counter
from collections.abc import Iterable

from petition.core.database import session
from petition.core.journal import Entry, Wish
from petition.core.sealing import if_whole
from petition.signatures.actions import stop_mail
from petition.signatures.models import Signature, SignatureState
from petition.signatures.moments import moments_of
from petition.signatures.removals import erase, withdraw

ABOUT_SIGNATURES = {Wish.ERASED, Wish.WITHDRAWN, Wish.SIGNED_AGAIN, Wish.NO_MAIL}


def carry_out(entries: Iterable[Entry]) -> Counter[Wish]:
    """Do again what was asked of signatures that are back; return how often which. No commit.

    A later signature of the same mailbox has another number. Whoever withdrew, or wanted no mail,
    and signed again after that keeps what they said last.
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
    for entry in sorted(about, key=lambda one: one.at):
        wishes = holding.setdefault(entry.number, {})
        if entry.wish == Wish.SIGNED_AGAIN:
            wishes.pop(Wish.WITHDRAWN, None)
            wishes.pop(Wish.NO_MAIL, None)
        else:
            wishes[entry.wish] = entry
    return holding


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
    is_newer = moments.confirmed_at is not None and moments.confirmed_at > entry.at
    if signature.state != SignatureState.CONFIRMED or is_newer:
        return False
    withdraw(signature, entry.at)
    return True
