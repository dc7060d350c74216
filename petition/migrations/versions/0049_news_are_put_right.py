"""News can be stopped after they were written, corrected once, and leave no mailbox twice.

Those whose job was cancelled were stopped then. Going back, corrections and what waits of them are
deleted: an older version would take them for the news themselves. A job that was given up and
whose news were stopped then is a cancelled one, which nobody can go on with; and what is said has
no more in it than that version knows.
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
IS_FIRST, IS_CORRECTION = sa.text("corrects IS NULL"), sa.text("corrects IS NOT NULL")
STOPPED = """
UPDATE delivery_update
SET stopped_at = (SELECT ended_at FROM job WHERE job.id = delivery_update.job_id)
WHERE EXISTS (
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
CORRECTIONS = "SELECT id FROM delivery_update WHERE corrects IS NOT NULL"
THEIR_JOBS = "SELECT job_id FROM delivery_update WHERE corrects IS NOT NULL"


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
    op.execute(f"DELETE FROM {MAIL} WHERE news_of IN ({CORRECTIONS})")  # noqa: S608 - our own words
    jobs = op.get_bind().execute(sa.text(THEIR_JOBS)).scalars().all()
    op.execute(f"DELETE FROM {UPDATE} WHERE corrects IS NOT NULL")  # noqa: S608
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
