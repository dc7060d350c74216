"""Verbs about mailboxes."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.sql.dml import ReturningInsert

from petition.core.storage.database import Insert, rows_of, session
from petition.core.storage.purging import delete_some
from petition.core.storage.together import as_many, many_into
from petition.supporters.addresses import supporter_tag
from petition.supporters.models import MAILS_A_DAY, MailAllowance


def may_mail(addresses: Sequence[str], at: datetime, *, most: int = MAILS_A_DAY) -> list[bool]:
    """Take for each of these one of the five mails that its mailbox may be sent in a day.

    False where none is left, or where it was sent as many as `most`. Mailboxes are noted in the
    order of their tags: two workers that write to the same ones never wait for each other.
    """
    day = at.date()
    tags = [supporter_tag(f"mail:{day}", address) for address in addresses]
    wanted, taken = Counter(tags), Counter[bytes]()
    while wanted:  # once for each mail of one mailbox: a statement changes a row once
        rows = [{"tag": tag, "day": day, "used": 1} for tag in sorted(wanted)]
        taking = _take_one(many_into(MailAllowance, tuple(rows[0])), most)
        taken.update(session.scalars(taking, as_many(rows)))
        wanted -= Counter(wanted.keys())
    return [taken[tag] > 0 and not taken.subtract([tag]) for tag in tags]


@lru_cache
def _take_one(into: Insert, most: int) -> ReturningInsert[bytes]:
    return into.on_conflict_do_update(
        index_elements=["tag"],
        set_={"used": MailAllowance.used + 1},
        where=MailAllowance.used < most,
    ).returning(MailAllowance.tag)


def purge_allowances(at: datetime) -> bool:
    """Forget some allowances of past days; true when there may be more."""
    is_past = MailAllowance.day < at.date() - timedelta(days=1)
    return delete_some(rows_of(MailAllowance), is_past)
