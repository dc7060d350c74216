"""Verbs about mailboxes."""

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy.sql.dml import ReturningInsert

from petition.core.storage.database import insert_into, is_sqlite, rows_of, session
from petition.core.storage.purging import delete_some
from petition.supporters.addresses import supporter_tag
from petition.supporters.models import MAILS_A_DAY, MailAllowance


def may_mail(address: str, at: datetime) -> bool:
    """Take one of the five mails that a mailbox may be sent in a day; false when none is left."""
    day = at.date()
    row = {"tag": supporter_tag(f"mail:{day}", address), "day": day, "used": 1}
    return session.execute(_take_one(is_sqlite()), row).scalar() is not None


@lru_cache
def _take_one(_for_sqlite: bool) -> ReturningInsert[int]:
    return (
        insert_into(MailAllowance)
        .on_conflict_do_update(
            index_elements=["tag"],
            set_={"used": MailAllowance.used + 1},
            where=MailAllowance.used < MAILS_A_DAY,
        )
        .returning(MailAllowance.used)
    )


def purge_allowances(at: datetime) -> bool:
    """Forget some allowances of past days; true when there may be more."""
    is_past = MailAllowance.day < at.date() - timedelta(days=1)
    return delete_some(rows_of(MailAllowance), is_past)
