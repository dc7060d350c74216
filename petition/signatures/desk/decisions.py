"""What moderators decide about signatures that wait for them."""

from datetime import datetime

from petition.core.clock import hour_of, now
from petition.core.errors import DomainError
from petition.core.keyring.journal import Wish, note
from petition.core.keyring.sealing import if_whole, tag
from petition.core.storage.database import session
from petition.holds.actions import close
from petition.outbox.origins import SIGNATURE
from petition.signatures import removals
from petition.signatures.models import Signature, SignatureState, Visibility
from petition.signatures.tally import enter


def accept(signature: Signature, organiser_id: int, at: datetime) -> None:
    """Let a signature on hold count as soon as it is confirmed.

    Nobody may have been mailed about it so far: `actions.mail_at_last` does so then.
    """
    session.refresh(signature, with_for_update=True)
    if not signature.on_hold:
        return
    signature.on_hold = False
    close(SIGNATURE, signature.id, organiser_id, hour_of(at), accepted=True)
    if signature.counts and signature.confirmed_at is not None:
        enter(signature.petition_id, +1, signature.country, signature.confirmed_at)


def invalidate(signature: Signature, organiser_id: int, why: str, at: datetime) -> None:
    """Invalidate a confirmed signature, on hold or not."""
    close(SIGNATURE, signature.id, organiser_id, hour_of(at), accepted=False)
    removals.invalidate(signature, organiser_id, why, at)


class ReasonChanged(DomainError):
    """The reason is not the one that the moderator has read."""


def mark_of_reason(signature_id: int, reason: str | None) -> str:
    """Return a mark of these words, by which it is seen later whether they are still the same."""
    return tag(f"reason:{signature_id}", reason or "").hex()[:32]


def show_reason(signature: Signature, read: str, *, shown: bool) -> None:
    """Let the reason that was read appear in public; never that of a private or unconfirmed name.

    Raises ReasonChanged where it is to be shown and its mark is not `read`.
    """
    person = if_whole(signature.opened)
    if shown and (person is None or read != mark_of_reason(signature.id, person.reason)):
        raise ReasonChanged
    if signature.reason_shown and not shown:
        note(Wish.REASON_HIDDEN, signature.id, signature.supporter_tag, now())
    signature.reason_shown = (
        shown
        and signature.has_reason
        and signature.state == SignatureState.CONFIRMED
        and signature.visibility != Visibility.PRIVATE
    )
