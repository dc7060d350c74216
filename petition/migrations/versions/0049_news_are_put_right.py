"""News can be stopped after they were written, corrected once, and leave no mailbox twice.

Those whose job was cancelled were stopped then, unless no mail was written: that may have been for
a restored backup, of which nobody knows who was told, and it is not told anew.

Going back, corrections and what waits of them are deleted: an older version would take them for the
news themselves. So is what was stopped before any mail left, beside which the same may have been
told anew. A job that was given up and whose news were stopped then is a cancelled one, which nobody
can go on with; and what is said has no more in it than that version knows.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

UPDATE, MAIL = "delivery_update", "outbox_mail"
TOLD = ["delivery_id", "kind"]
STANDS = "(stopped_at IS NULL OR mail_count > 0)"
IS_FIRST = sa.text(f"corrects IS NULL AND {STANDS}")
IS_CORRECTION = sa.text(f"corrects IS NOT NULL AND {STANDS}")
STOPPED = """
UPDATE delivery_update
SET stopped_at = (SELECT ended_at FROM job WHERE job.id = delivery_update.job_id)
WHERE mail_count > 0 AND EXISTS (
    SELECT 1 FROM job WHERE job.id = delivery_update.job_id AND job.state = 'cancelled'
)
"""
NOT_GONE_ON_WITH = """
UPDATE job SET state = 'cancelled', failure = NULL
WHERE state = 'failed'
    AND id IN (SELECT job_id FROM delivery_update WHERE stopped_at IS NOT NULL)
"""
NEW_WORDS = (
    *("title_language", "office_language", "country"),
    *("is_correction", "why", "why_language"),
)
UNKNOWN_THEN = f"FROM delivery_update WHERE corrects IS NOT NULL OR NOT {STANDS}"


def upgrade() -> None:
    op.add_column(
        MAIL, sa.Column("leaving", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table(UPDATE) as update:
        update.add_column(sa.Column("stopped_at", utc, nullable=True))
        update.add_column(sa.Column("corrects", big_id, nullable=True))
        update.create_foreign_key(
            op.f("fk_delivery_update_corrects_delivery_update"), UPDATE, ["corrects"], ["id"]
        )
        update.drop_constraint("told_once", type_="unique")
    only = {"postgresql_where": IS_FIRST, "sqlite_where": IS_FIRST}
    op.create_index("told_once", UPDATE, TOLD, unique=True, **only)
    only = {"postgresql_where": IS_CORRECTION, "sqlite_where": IS_CORRECTION}
    op.create_index("corrected_once", UPDATE, ["corrects"], unique=True, **only)
    op.execute(STOPPED)


def downgrade() -> None:
    its_news = f"SELECT id {UNKNOWN_THEN}"
    op.execute(f"DELETE FROM {MAIL} WHERE news_of IN ({its_news})")  # noqa: S608 - our own words
    jobs = op.get_bind().execute(sa.text(f"SELECT job_id {UNKNOWN_THEN}")).scalars().all()
    op.execute(f"DELETE {UNKNOWN_THEN}")
    for job in jobs:
        op.execute(f"DELETE FROM job WHERE id = {int(job)}")  # noqa: S608
    op.execute(NOT_GONE_ON_WITH)
    _say_it_in_old_words()
    op.drop_index("corrected_once", table_name=UPDATE)
    op.drop_index("told_once", table_name=UPDATE)
    with op.batch_alter_table(UPDATE) as update:
        update.create_unique_constraint("told_once", TOLD)
        update.drop_constraint(
            op.f("fk_delivery_update_corrects_delivery_update"), type_="foreignkey"
        )
        for column in ("corrects", "stopped_at"):
            update.drop_column(column)
    op.drop_column(MAIL, "leaving")


def _say_it_in_old_words() -> None:
    told = sa.table(UPDATE, sa.column("id", big_id), sa.column("said", sa.JSON()))
    for number, said in op.get_bind().execute(sa.select(told.c.id, told.c.said)).all():
        for news in said.values():
            if country := news.get("country"):
                news["office"] = f"{news['office']} ({country})"
            for name in NEW_WORDS:
                news.pop(name, None)
        op.execute(told.update().where(told.c.id == number).values(said=said))
