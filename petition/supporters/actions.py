"""Verbs about mailboxes."""

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import delete
from sqlalchemy.sql.dml import ReturningInsert

from petition.core.database import insert_into, is_sqlite, session
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


def purge_allowances(at: datetime) -> None:
    """Forget the allowances of past days."""
    session.execute(delete(MailAllowance).where(MailAllowance.day < at.date() - timedelta(days=1)))
