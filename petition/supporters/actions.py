"""Verbs about mailboxes."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from petition.core.database import insert_into, session
from petition.supporters.addresses import supporter_tag
from petition.supporters.models import MAILS_A_DAY, MailAllowance


def may_mail(address: str, at: datetime) -> bool:
    """Take one of the five mails that a mailbox may be sent in a day; false when none is left."""
    day = at.date()
    take_one = (
        insert_into(MailAllowance)
        .on_conflict_do_update(
            index_elements=["tag"],
            set_={"used": MailAllowance.used + 1},
            where=MailAllowance.used < MAILS_A_DAY,
        )
        .returning(MailAllowance.used)
    )
    row = {"tag": supporter_tag(f"mail:{day}", address), "day": day, "used": 1}
    return session.execute(take_one, row).scalar() is not None


def purge_allowances(at: datetime) -> None:
    """Forget the allowances of past days."""
    session.execute(delete(MailAllowance).where(MailAllowance.day < at.date() - timedelta(days=1)))
