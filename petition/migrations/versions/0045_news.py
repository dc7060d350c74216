"""News of deliveries, mail that goes behind all other, and which signatures a pack held."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

UPDATE, MAIL, HELD = "delivery_update", "outbox_mail", "delivery_pack_held"
IS_NEWS = "news_of IS NOT NULL"
WAITING = f"state IN ('queued', 'sending') AND {IS_NEWS}"
TO_TELL = "mail_allowed AND NOT on_hold AND state = 'confirmed'"


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, postgresql_where=only, sqlite_where=only
    )


def upgrade() -> None:
    op.add_column(MAIL, sa.Column("news_of", big_id, nullable=True))
    _index("ix_outbox_mail_news_waiting", MAIL, ["due_at"], WAITING)
    _index("ix_outbox_mail_news_once", MAIL, ["news_of", "origin"], IS_NEWS, unique=True)
    _index("ix_signature_to_tell", "signature", ["petition_id", "id"], TO_TELL)
    op.create_table(
        UPDATE,
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("delivery_id", big_id, nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("asked_at", utc, nullable=False),
        sa.Column("job_id", big_id, nullable=False),
        sa.Column("signer_count", sa.Integer(), nullable=False),
        sa.Column("last_signature", sa.BigInteger(), nullable=False),
        sa.Column("mailed_until", sa.BigInteger(), nullable=False),
        sa.Column("mail_count", sa.Integer(), nullable=False),
        sa.Column("finished_at", utc, nullable=True),
        sa.CheckConstraint(
            "mail_count >= 0 AND mailed_until >= 0", name=op.f("ck_delivery_update_counts_up")
        ),
        sa.CheckConstraint(
            sa.column("kind").in_(("handed_over", "answered")),
            name=op.f("ck_delivery_update_update_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_update_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_delivery_update_job_id_job")),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_delivery_update_organiser_id_organiser"),
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_delivery_update_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_update")),
        sa.UniqueConstraint("delivery_id", "kind", name="told_once"),
    )
    op.create_index("ix_delivery_update_job", UPDATE, ["job_id"], unique=True)
    op.create_table(
        HELD,
        sa.Column("pack_id", big_id, autoincrement=False, nullable=False),
        sa.Column("before", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", big_id, nullable=False),
        sa.Column("last", big_id, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pack_id"],
            ["delivery_pack.id"],
            name=op.f("fk_delivery_pack_held_pack_id_delivery_pack"),
        ),
        sa.PrimaryKeyConstraint("pack_id", "before", name=op.f("pk_delivery_pack_held")),
    )


def downgrade() -> None:
    """News that wait stay unsent: an older version has no words for them."""
    op.drop_table(HELD)
    op.drop_table(UPDATE)
    op.execute("DELETE FROM job WHERE kind = 'mailing'")
    op.drop_index("ix_signature_to_tell", table_name="signature")
    op.execute(f"DELETE FROM {MAIL} WHERE {IS_NEWS}")  # noqa: S608 - our own words
    op.drop_index("ix_outbox_mail_news_once", table_name=MAIL)
    op.drop_index("ix_outbox_mail_news_waiting", table_name=MAIL)
    op.drop_column(MAIL, "news_of")
