"""Verbs about mailboxes."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from petition.core.database import is_sqlite, session
from petition.supporters.addresses import supporter_tag
from petition.supporters.models import MAILS_A_DAY, MailAllowance


def may_mail(address: str, at: datetime) -> bool:
    """Take one of the five mails that a mailbox may be sent in a day; false when none is left."""
    day = at.date()
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    taken = session.execute(
        insert(MailAllowance)
        .values(tag=supporter_tag(f"mail:{day}", address), day=day, used=1)
        .on_conflict_do_update(
            index_elements=[MailAllowance.tag],
            set_={"used": MailAllowance.used + 1},
            where=MailAllowance.used < MAILS_A_DAY,
        )
        .returning(MailAllowance.used)
    )
    return taken.scalar() is not None


def purge_allowances(at: datetime) -> None:
    """Forget the allowances of past days."""
    session.execute(delete(MailAllowance).where(MailAllowance.day < at.date() - timedelta(days=1)))
