"""Offices that take letters, letter campaigns and their versions, letters and their ways."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc
from petition.migrations.frozen.letter_guards import guard_letters

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HOLDERS = """
INSERT INTO holder (recipient_id, name) SELECT id, holder FROM recipient WHERE holder IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "holder",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint('"until" >= since', name=op.f("ck_holder_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_holder_recipient_id_recipient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
    )
    op.create_index(
        "ix_holder_present",
        "holder",
        ["recipient_id"],
        unique=True,
        postgresql_where=sa.text('"until" IS NULL'),
        sqlite_where=sa.text('"until" IS NULL'),
    )

    op.create_table(
        "letter_campaign",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("campaign_id", big_id, nullable=False),
        sa.Column("gap_id", big_id, nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("stopped_at", utc, nullable=True),
        sa.Column("stopped_by", big_id, nullable=True),
        sa.CheckConstraint(
            "(stopped_at IS NULL) = (stopped_by IS NULL)",
            name=op.f("ck_letter_campaign_stopped_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_letter_campaign_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["gap_id"], ["gap.id"], name=op.f("fk_letter_campaign_gap_id_gap")),
        sa.ForeignKeyConstraint(
            ["stopped_by"], ["organiser.id"], name=op.f("fk_letter_campaign_stopped_by_organiser")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_campaign")),
        sa.UniqueConstraint("slug", name=op.f("uq_letter_campaign_slug")),
    )
    op.create_table(
        "letter_pace",
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("hour", utc, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_letter_pace_counts_up")),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_letter_pace_recipient_id_recipient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recipient_id", "hour", name=op.f("pk_letter_pace")),
    )
    op.create_table(
        "mailroom",
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("salutation", sa.JSON(), nullable=False),
        sa.Column("close", sa.JSON(), nullable=False),
        sa.Column("form_url", sa.String(length=500), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column(
            "paper",
            sa.Enum(
                "a4", "letter", name="paper", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("constituents_only", sa.Boolean(), nullable=False),
        sa.Column("zone_name", sa.String(length=64), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("hours_from", sa.Integer(), nullable=False),
        sa.Column("hours_until", sa.Integer(), nullable=False),
        sa.Column("hourly_cap", sa.Integer(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_source", sa.String(length=500), nullable=True),
        sa.Column("suspect_since", utc, nullable=True),
        sa.CheckConstraint(
            "(verified_on IS NULL) = (verified_source IS NULL)",
            name=op.f("ck_mailroom_verified_by_a_source"),
        ),
        sa.CheckConstraint("hourly_cap > 0", name=op.f("ck_mailroom_takes_some_letters")),
        sa.CheckConstraint(
            "hours_from < hours_until", name=op.f("ck_mailroom_opens_before_it_closes")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_mailroom_recipient_id_recipient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recipient_id", name=op.f("pk_mailroom")),
    )
    op.create_table(
        "recipient_area",
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_recipient_area_recipient_id_recipient"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "recipient_id", "country", "prefix", name=op.f("pk_recipient_area")
        ),
    )
    op.create_index(
        "ix_recipient_area_prefix", "recipient_area", ["country", "prefix"], unique=False
    )

    op.create_table(
        "letter_version",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("letter_campaign_id", big_id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_campaign_id"],
            ["letter_campaign.id"],
            name=op.f("fk_letter_version_letter_campaign_id_letter_campaign"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_version")),
        sa.UniqueConstraint("id", "letter_campaign_id", name="version_belongs_to_letter_campaign"),
        sa.UniqueConstraint("letter_campaign_id", "number", name="letter_versions_are_numbered"),
    )
    op.create_table(
        "told_letter",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("letter_campaign_id", big_id, nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("supporter_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email",
                "form",
                "post",
                "representative",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("told_at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_campaign_id"],
            ["letter_campaign.id"],
            name=op.f("fk_told_letter_letter_campaign_id_letter_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_told_letter_recipient_id_recipient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_letter")),
        sa.UniqueConstraint(
            "letter_campaign_id", "recipient_id", "supporter_tag", name="one_told_letter_for_each"
        ),
    )
    op.create_table(
        "letter_text",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("letter_campaign_id", big_id, nullable=False),
        sa.Column("version_id", big_id, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id", "letter_campaign_id"],
            ["letter_version.id", "letter_version.letter_campaign_id"],
            name="text_of_a_version_of_the_same_letter_campaign",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_text")),
        sa.UniqueConstraint("id", "letter_campaign_id", name="text_belongs_to_letter_campaign"),
        sa.UniqueConstraint("version_id", "language", name="one_letter_text_for_each_language"),
    )
    op.create_table(
        "letter_version_recipient",
        sa.Column("version_id", big_id, nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_letter_version_recipient_recipient_id_recipient"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["letter_version.id"],
            name=op.f("fk_letter_version_recipient_version_id_letter_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "recipient_id", name=op.f("pk_letter_version_recipient")
        ),
    )
    op.create_table(
        "letter",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("letter_campaign_id", big_id, nullable=False),
        sa.Column("text_id", big_id, nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("supporter_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mail_number", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "awaiting",
                "queued",
                "sending",
                "sent",
                "bounced",
                "failed",
                "unknown",
                "stopped",
                name="letter_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("content_key", sa.String(length=8), nullable=True),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("own_share", sa.SmallInteger(), nullable=False),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("created_at", utc, nullable=False),
        sa.Column("confirmed_at", utc, nullable=True),
        sa.Column("draft_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("changed_at", utc, nullable=False),
        sa.Column("changed_by", big_id, nullable=True),
        sa.Column("due_at", utc, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("last_answer", sa.String(length=40), nullable=True),
        sa.Column("sent_at", utc, nullable=True),
        sa.Column("asked_at", utc, nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "yes",
                "automatic",
                "no",
                name="letter_answer",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", utc, nullable=True),
        sa.CheckConstraint(
            "content IS NOT NULL OR state NOT IN ('awaiting', 'queued', 'sending')",
            name=op.f("ck_letter_content_until_sent"),
        ),
        sa.CheckConstraint(
            "state = 'awaiting' OR confirmed_at IS NOT NULL", name=op.f("ck_letter_confirmed")
        ),
        sa.CheckConstraint(
            "state <> 'sending' OR claimed_by IS NOT NULL", name=op.f("ck_letter_claimed_to_send")
        ),
        sa.CheckConstraint(
            "state <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_letter_sent_has_a_time")
        ),
        sa.CheckConstraint(
            "mail_number BETWEEN 1 AND 2", name=op.f("ck_letter_two_confirmation_mails")
        ),
        sa.CheckConstraint("own_share BETWEEN 0 AND 100", name=op.f("ck_letter_share_in_percent")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["organiser.id"], name=op.f("fk_letter_changed_by_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipient.id"], name=op.f("fk_letter_recipient_id_recipient")
        ),
        sa.ForeignKeyConstraint(
            ["text_id", "letter_campaign_id"],
            ["letter_text.id", "letter_text.letter_campaign_id"],
            name="written_from_a_text_of_this_letter_campaign",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint(
            "letter_campaign_id",
            "recipient_id",
            "supporter_tag",
            "mail_number",
            name="confirmation_mails_of_letters_are_numbered",
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_letter_queue",
        "letter",
        ["recipient_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_letter_sending",
        "letter",
        ["claimed_by"],
        unique=False,
        postgresql_where=sa.text("state = 'sending'"),
        sqlite_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_letter_sent_at",
        "letter",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NOT NULL"),
        sqlite_where=sa.text("sent_at IS NOT NULL"),
    )
    op.create_index(
        "ix_letter_supporter", "letter", ["letter_campaign_id", "supporter_tag"], unique=False
    )
    op.create_index(
        "ix_letter_waiting",
        "letter",
        ["letter_campaign_id", "created_at", "id"],
        unique=False,
        postgresql_where=sa.text("on_hold OR state IN ('unknown', 'failed')"),
        sqlite_where=sa.text("on_hold OR state IN ('unknown', 'failed')"),
    )
    op.create_index(
        "ix_letter_standing",
        "letter",
        ["letter_campaign_id", "state", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "one_letter_per_recipient_and_supporter",
        "letter",
        ["letter_campaign_id", "recipient_id", "supporter_tag"],
        unique=True,
        postgresql_where=sa.text("state <> 'awaiting'"),
        sqlite_where=sa.text("state <> 'awaiting'"),
    )

    op.create_table(
        "letter_draft",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("text_id", big_id, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_key", sa.String(length=8), nullable=False),
        sa.Column("expires_at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["text_id"], ["letter_text.id"], name=op.f("fk_letter_draft_text_id_letter_text")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_letter_draft")),
    )
    op.create_index(
        op.f("ix_letter_draft_expires_at"), "letter_draft", ["expires_at"], unique=False
    )

    op.create_table(
        "letter_likeness",
        sa.Column("letter_id", big_id, nullable=False),
        sa.Column("mark", sa.LargeBinary(length=32), nullable=False),
        sa.Column("letter_campaign_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_campaign_id"],
            ["letter_campaign.id"],
            name=op.f("fk_letter_likeness_letter_campaign_id_letter_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_letter_likeness_letter_id_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("letter_id", "mark", name=op.f("pk_letter_likeness")),
    )
    op.create_index(
        "ix_letter_likeness_mark", "letter_likeness", ["letter_campaign_id", "mark"], unique=False
    )

    op.create_table(
        "letter_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("letter_id", big_id, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "confirm",
                "manage",
                name="letter_link_purpose",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_letter_link_letter_id_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_letter_link")),
    )
    op.create_index(op.f("ix_letter_link_letter_id"), "letter_link", ["letter_id"], unique=False)

    op.create_table(
        "letter_transition",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("letter_id", big_id, nullable=False),
        sa.Column(
            "before",
            sa.Enum(
                "drafted",
                "awaiting",
                "queued",
                "sending",
                "sent",
                "bounced",
                "failed",
                "unknown",
                "stopped",
                name="letter_state_before",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "drafted",
                "awaiting",
                "queued",
                "sending",
                "sent",
                "bounced",
                "failed",
                "unknown",
                "stopped",
                name="letter_state_after",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("at", utc, nullable=False),
        sa.Column("organiser_id", big_id, nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_letter_transition_letter_id_letter"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_letter_transition_organiser_id_organiser"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_transition")),
    )
    op.create_index(
        "ix_letter_transition_letter", "letter_transition", ["letter_id", "id"], unique=False
    )
    op.execute(HOLDERS)
    op.drop_column("recipient", "holder")
    guard_letters()


def downgrade() -> None:
    raise NotImplementedError("letters that have left stay known")
