"""Table: how many mails a mailbox was sent today."""

import datetime

from sqlalchemy import CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from petition.core.storage.columns import Digest
from petition.core.storage.database import Base

MAILS_A_DAY = 5
NEWS_A_DAY = 3
"""So many of these may be news: some are left for what somebody asks for."""


class MailAllowance(Base):
    """What one mailbox was sent on one day. The tag changes every day and joins with nothing."""

    __tablename__ = "mail_allowance"
    __table_args__ = (CheckConstraint(f"used BETWEEN 1 AND {MAILS_A_DAY}", name="daily_cap"),)

    tag: Mapped[Digest] = mapped_column(primary_key=True)
    day: Mapped[datetime.date] = mapped_column(Date, index=True)
    used: Mapped[int]
