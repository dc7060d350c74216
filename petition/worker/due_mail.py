"""Which mail a worker hands over next: what people wait for, and news when nobody does."""

from datetime import datetime

from petition.core.storage.database import transaction
from petition.letters.post.sending import offices_at_work
from petition.outbox import actions as outbox
from petition.outbox import claiming
from petition.outbox.actions import Claim
from petition.outbox.queries import news_waiting
from petition.supporters.actions import may_mail
from petition.supporters.models import MAILS_A_DAY, NEWS_A_DAY

MAILS_AT_ONCE = 50
NEWS_AT_ONCE = 10
"""So few that whoever signs meanwhile hardly waits for them."""


def due_mail(worker: str, ceiling: int, at: datetime) -> list[Claim]:
    """Claim what is due, as far as its mailboxes may be sent more today. No commit.

    News only when no other mail is due, and no letter: both may leave through the same server.
    """
    claimed = claiming.claim(worker, at, most=MAILS_AT_ONCE, ceiling=ceiling)
    if claimed:
        return _allowed(claimed, at, MAILS_A_DAY)
    if not news_waiting(at) or offices_at_work(at):
        return []
    return _allowed(claiming.claim_news(worker, at, most=NEWS_AT_ONCE), at, NEWS_A_DAY)


def begins_to_leave(claim: Claim) -> bool:
    """Whether a claimed mail may be handed over now; of news that is looked up, and noted."""
    if not claim.message.is_news:
        return True
    with transaction():
        return outbox.begin_to_leave(claim)


def _allowed(claimed: list[Claim], at: datetime, most: int) -> list[Claim]:
    """Return what its mailbox may be sent today; the rest waits for tomorrow."""
    first = [claim for claim in claimed if claim.is_first]
    allowed = may_mail([claim.message.to for claim in first], at, most=most)
    refused = [claim for claim, may in zip(first, allowed, strict=True) if not may]
    for claim in refused:
        outbox.wait_for_tomorrow(claim, at)
    return [claim for claim in claimed if claim not in refused]
