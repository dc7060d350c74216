"""How a worker writes the mails with news: some at a time, each signer once."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from petition.core.storage.database import session
from petition.jobs.work import RowKinds, Rows
from petition.links.letterhead import Addressee, Letterhead
from petition.outbox.actions import post_all, queued
from petition.outbox.origins import SIGNATURE, origin_of
from petition.outbox.queries import got_news, news_waiting
from petition.petitions.models import Petition
from petition.signatures.links import SEALED_PERSON, sealed_address
from petition.signatures.models import Signature
from petition.updates.actions import MAILING
from petition.updates.emails import links_for, news_mail
from petition.updates.models import Update
from petition.updates.queries import MAY_BE_TOLD
from petition.updates.unsubscribing import token_for

AT_ONCE = 100
MOST_WAITING = 500
"""So many may wait to leave before more are written: so they can still be stopped, and whoever
withdraws or wants no more mail is hardly ever written to."""

Heads = Callable[[str], Letterhead]
"""What gives the letterhead in a language."""


class MailingWork(Rows):
    """News that are being mailed."""

    def __init__(self, job_id: int, *, heads: Heads) -> None:
        update = session.scalars(select(Update).where(Update.job_id == job_id)).one()
        self._number, self._heads = update.id, heads
        self._slug = session.get_one(Petition, update.petition_id).slug
        self.steps, self.done = update.signer_count, update.mail_count

    def waits(self, at: datetime) -> bool:
        """Whether those that were written have to leave first."""
        return news_waiting(at) >= MOST_WAITING

    def write_some(self, at: datetime) -> bool:
        """Write the next mails, and note up to whom: both or neither, whatever crashes."""
        update = session.get_one(Update, self._number, with_for_update=True, populate_existing=True)
        signers = _next_of(update)
        mails = [mail for row in signers if (mail := self._mail(update, row, at)) is not None]
        post_all(mails)
        is_last = len(signers) < AT_ONCE
        update.mailed_until = update.last_signature if is_last else signers[-1].id
        update.mail_count += len(mails)
        if is_last:
            update.finished_at = at
        session.flush()
        self.done = update.mail_count
        return not is_last

    def _mail(self, update: Update, row: Row[Any], at: datetime) -> dict[str, Any] | None:
        address = sealed_address(row)
        if address is None:
            return None
        language, news = update.news_in(row.language)
        links = links_for(update.delivery_id, self._slug, token_for(row.id))
        to = Addressee(address, language)
        mail = news_mail(update.kind, news, to, links, self._heads(language))
        return queued(mail, origin_of(SIGNATURE, row.id), at, news_of=update.id)


def _next_of(update: Update) -> list[Row[Any]]:
    """Return the next signers as they are now: whoever changes their mind waits for this."""
    next_ones = (
        select(Signature.id, Signature.language, *SEALED_PERSON)
        .where(
            Signature.petition_id == update.petition_id,
            Signature.id > update.mailed_until,
            Signature.id <= update.last_signature,
            MAY_BE_TOLD,
            *_got_the_first(update),
        )
        .order_by(Signature.id)
        .limit(AT_ONCE)
        .with_for_update(read=True)
    )
    return list(session.execute(next_ones))


def _got_the_first(update: Update) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a signer got what is put right; none where it is news."""
    if update.corrects is None:
        return ()
    return (got_news(update.corrects, SIGNATURE, Signature.id),)


def kinds(heads: Heads) -> RowKinds:
    """Return the jobs of news."""
    return {MAILING: partial(MailingWork, heads=heads)}
