"""Every table of the first release, and the guard of signed texts."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


POSTGRESQL_GUARD = """
CREATE FUNCTION refuse_to_change_signed_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM petition_text WHERE id = OLD.id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM signature WHERE text_id = OLD.id) THEN
        RAISE EXCEPTION 'signed_text_never_changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_text_never_changes BEFORE UPDATE OR DELETE ON petition_text
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_signed_text();
"""
SQLITE_GUARD = """
CREATE TRIGGER signed_text_never_changes_by_{verb} BEFORE {verb} ON petition_text
WHEN EXISTS (SELECT 1 FROM signature WHERE text_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'signed_text_never_changes');
END
"""


def guard_signed_texts() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_GUARD)
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(SQLITE_GUARD.format(verb=verb))


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaign_ends_after_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaign_slug")),
    )
    op.create_table(
        "installed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_check", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installed_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installed")),
    )
    op.create_table(
        "login_failure",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("scope_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failed_at", utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    with op.batch_alter_table("login_failure", schema=None) as batch_op:
        batch_op.create_index("ix_login_failure_scope", ["scope_tag", "failed_at"], unique=False)

    op.create_table(
        "mail_allowance",
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used BETWEEN 1 AND 5", name=op.f("ck_mail_allowance_daily_cap")),
        sa.PrimaryKeyConstraint("tag", name=op.f("pk_mail_allowance")),
    )
    op.create_table(
        "organiser",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("email_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("person_key", sa.String(length=8), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "editor",
                "moderator",
                "exporter",
                "auditor",
                name="organiser_role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_secret_key", sa.String(length=8), nullable=True),
        sa.Column("totp_last_step", big_id, nullable=False),
        sa.Column("created_at", utc, nullable=False),
        sa.Column("disabled_at", utc, nullable=True),
        sa.CheckConstraint(
            "(totp_secret IS NULL) = (totp_secret_key IS NULL)",
            name=op.f("ck_organiser_totp_secret_has_its_key"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organiser")),
        sa.UniqueConstraint("email_tag", name=op.f("uq_organiser_email_tag")),
    )
    op.create_table(
        "outbox_mail",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                name="mail_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("content_key", sa.String(length=8), nullable=True),
        sa.Column("created_at", utc, nullable=False),
        sa.Column("due_at", utc, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("last_answer", sa.String(length=40), nullable=True),
        sa.Column("finished_at", utc, nullable=True),
        sa.CheckConstraint(
            "(state = 'sending') = (claimed_by IS NOT NULL)",
            name=op.f("ck_outbox_mail_claimed_to_send"),
        ),
        sa.CheckConstraint(
            "content IS NOT NULL OR state IN ('sent', 'failed')",
            name=op.f("ck_outbox_mail_content_until_sent"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_mail")),
    )
    with op.batch_alter_table("outbox_mail", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_mail_origin", ["origin"], unique=False)
        batch_op.create_index(
            "ix_outbox_mail_waiting",
            ["due_at"],
            unique=False,
            postgresql_where=sa.text("state IN ('queued', 'sending')"),
            sqlite_where=sa.text("state IN ('queued', 'sending')"),
        )

    op.create_table(
        "recipient",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.Column("office", sa.JSON(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("slug", name=op.f("uq_recipient_slug")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("started_at", utc, nullable=False),
        sa.Column("beat_at", utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
    )
    op.create_table(
        "campaign_text",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("campaign_id", big_id, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_text_campaign_id_campaign"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_text")),
        sa.UniqueConstraint("campaign_id", "language", name="one_campaign_text_for_each_language"),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "editor",
                "moderator",
                "exporter",
                "auditor",
                name="invitation_role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("organiser_id", big_id, nullable=True),
        sa.Column("email_tag", sa.LargeBinary(length=32), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("expires_at", utc, nullable=False),
        sa.Column("used_at", utc, nullable=True),
        sa.CheckConstraint(
            "NOT is_first OR organiser_id IS NULL",
            name=op.f("ck_invitation_first_is_for_nobody_yet"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_invitation_organiser_id_organiser"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_table(
        "organiser_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("second_factor", sa.Boolean(), nullable=False),
        sa.Column("created_at", utc, nullable=False),
        sa.Column("last_seen_at", utc, nullable=False),
        sa.Column("revoked_at", utc, nullable=True),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_organiser_session_organiser_id_organiser"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_organiser_session")),
    )
    with op.batch_alter_table("organiser_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_organiser_session_organiser_id"), ["organiser_id"], unique=False
        )

    op.create_table(
        "petition",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("campaign_id", big_id, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "multilateral",
                "abuse",
                "victims",
                "ally",
                "legal",
                name="gap_kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("routes_by_area", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_petition_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
        sa.UniqueConstraint("slug", name=op.f("uq_petition_slug")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", utc, nullable=True),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_recovery_code_organiser_id_organiser"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organiser_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "export",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column(
            "scope",
            sa.Enum(
                "confirmed",
                "everything",
                name="export_scope",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("begun_at", utc, nullable=False),
        sa.Column("finished_at", utc, nullable=True),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (sha256 IS NULL) AND (finished_at IS NULL) = (row_count IS NULL)",
            name=op.f("ck_export_finished_with_its_sum"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_export_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_export_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.create_index("ix_export_petition", ["petition_id", "begun_at"], unique=False)

    op.create_table(
        "petition_recipient",
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("position", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petition.id"],
            name=op.f("fk_petition_recipient_petition_id_petition"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_petition_recipient_recipient_id_recipient"),
        ),
        sa.PrimaryKeyConstraint("petition_id", "recipient_id", name=op.f("pk_petition_recipient")),
    )
    op.create_table(
        "petition_version",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"],
            ["petition.id"],
            name=op.f("fk_petition_version_petition_id_petition"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_version")),
        sa.UniqueConstraint("id", "petition_id", name="version_belongs_to_petition"),
        sa.UniqueConstraint("petition_id", "number", name="versions_are_numbered"),
    )
    op.create_table(
        "removal",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("signature_id", big_id, nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "withdrawn",
                "erased",
                "invalidated",
                name="removal_cause",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("signed_at", utc, nullable=False),
        sa.Column("confirmed_at", utc, nullable=True),
        sa.Column("removed_at", utc, nullable=False),
        sa.Column("organiser_id", big_id, nullable=True),
        sa.Column("why", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_removal_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_removal_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    with op.batch_alter_table("removal", schema=None) as batch_op:
        batch_op.create_index("ix_removal_petition", ["petition_id", "removed_at"], unique=False)

    op.create_table(
        "tally",
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_tally_not_negative")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_tally_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_tally")),
    )
    op.create_table(
        "tally_country",
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_tally_country_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("petition_id", "country", name=op.f("pk_tally_country")),
    )
    op.create_table(
        "tally_entry",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("hour", utc, nullable=False),
        sa.CheckConstraint("change IN (-1, 1)", name=op.f("ck_tally_entry_one_at_a_time")),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_tally_entry_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_entry")),
    )
    op.create_table(
        "tally_hour",
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("hour", utc, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_tally_hour_petition_id_petition")
        ),
        sa.PrimaryKeyConstraint("petition_id", "hour", name=op.f("pk_tally_hour")),
    )
    op.create_table(
        "petition_text",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("version_id", big_id, nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mail_question", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id", "petition_id"],
            ["petition_version.id", "petition_version.petition_id"],
            name="text_of_a_version_of_the_same_petition",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition_text")),
        sa.UniqueConstraint("id", "petition_id", name="text_belongs_to_petition"),
        sa.UniqueConstraint("version_id", "language", name="one_text_for_each_language"),
    )
    op.create_table(
        "signature",
        sa.Column("id", big_id, sa.Identity(), nullable=False),
        sa.Column("petition_id", big_id, nullable=False),
        sa.Column("text_id", big_id, nullable=False),
        sa.Column("supporter_tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "confirmed",
                "withdrawn",
                "invalidated",
                name="signature_state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("person", sa.LargeBinary(), nullable=False),
        sa.Column("person_key", sa.String(length=8), nullable=False),
        sa.Column("country", sa.CHAR(length=2), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "private",
                "first_name",
                "full_name",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("mail_allowed", sa.Boolean(), nullable=False),
        sa.Column("mail_answered_at", utc, nullable=False),
        sa.Column("has_reason", sa.Boolean(), nullable=False),
        sa.Column("reason_shown", sa.Boolean(), nullable=False),
        sa.Column("on_hold", sa.Boolean(), nullable=False),
        sa.Column("signed_at", utc, nullable=False),
        sa.Column("confirmed_at", utc, nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'invalidated') OR confirmed_at IS NOT NULL",
            name=op.f("ck_signature_confirmed_has_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["text_id", "petition_id"],
            ["petition_text.id", "petition_text.petition_id"],
            name="signed_a_text_of_this_petition",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("petition_id", "supporter_tag", name="one_signature_per_supporter"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signature_country", ["petition_id", "country", "signed_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_signature_newest", ["petition_id", "signed_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_signature_on_hold",
            ["petition_id", "signed_at", "id"],
            unique=False,
            postgresql_where=sa.text("on_hold"),
            sqlite_where=sa.text("on_hold"),
        )
        batch_op.create_index(
            "ix_signature_shown_reasons",
            ["petition_id", "confirmed_at"],
            unique=False,
            postgresql_where=sa.text("reason_shown"),
            sqlite_where=sa.text("reason_shown"),
        )
        batch_op.create_index(
            "ix_signature_unconfirmed",
            ["petition_id", "state", "signed_at", "id"],
            unique=False,
            postgresql_where=sa.text("state <> 'confirmed'"),
            sqlite_where=sa.text("state <> 'confirmed'"),
        )

    op.create_table(
        "review",
        sa.Column("signature_id", big_id, nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "honeypot",
                "too_fast",
                "network",
                "mail_domain",
                name="hold_cause",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", utc, nullable=False),
        sa.Column("closed_at", utc, nullable=True),
        sa.Column("closed_by", big_id, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (accepted IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_review_closed_with_a_verdict"),
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["organiser.id"], name=op.f("fk_review_closed_by_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signature.id"],
            name=op.f("fk_review_signature_id_signature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("signature_id", name=op.f("pk_review")),
    )
    op.create_table(
        "signature_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature_id", big_id, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "confirm",
                "manage",
                name="link_purpose",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("mail_number", sa.Integer(), nullable=True),
        sa.Column("expires_at", utc, nullable=False),
        sa.Column("used_at", utc, nullable=True),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("given_key", sa.String(length=8), nullable=True),
        sa.CheckConstraint(
            "(purpose = 'confirm') = (mail_number IS NOT NULL)",
            name=op.f("ck_signature_link_mailed"),
        ),
        sa.CheckConstraint(
            "mail_number BETWEEN 1 AND 2", name=op.f("ck_signature_link_two_confirmation_mails")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signature.id"],
            name=op.f("fk_signature_link_signature_id_signature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_signature_link")),
        sa.UniqueConstraint("signature_id", "mail_number", name="confirmation_mails_are_numbered"),
    )
    guard_signed_texts()


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first release")
