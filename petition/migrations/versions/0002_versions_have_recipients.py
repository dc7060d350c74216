"""Whom a petition is addressed to belongs to the version that is signed, and is guarded with it."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SIGNED = """
SELECT 1 FROM signature JOIN petition_text ON petition_text.id = signature.text_id
WHERE petition_text.version_id = {version}
"""
POSTGRESQL_GUARD = f"""
CREATE FUNCTION refuse_to_readdress_signed_version(version BIGINT) RETURNS void LANGUAGE plpgsql
AS $$ BEGIN
    PERFORM 1 FROM petition_text WHERE version_id = version FOR UPDATE;
    IF EXISTS ({SIGNED.format(version="version")}) THEN
        RAISE EXCEPTION 'signed_recipients_never_change' USING ERRCODE = 'check_violation';
    END IF;
END $$;
CREATE FUNCTION refuse_to_change_signed_recipients() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM refuse_to_readdress_signed_version(OLD.version_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM refuse_to_readdress_signed_version(NEW.version_id); END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_recipients_never_change
    BEFORE INSERT OR UPDATE OR DELETE ON petition_version_recipient
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_signed_recipients();
"""
SQLITE_GUARD = """
CREATE TRIGGER signed_recipients_never_change_by_{verb} BEFORE {verb} ON petition_version_recipient
WHEN {signed}
BEGIN
    SELECT RAISE(ABORT, 'signed_recipients_never_change');
END
"""
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
COPY = """
INSERT INTO petition_version_recipient
    (version_id, recipient_id, position, office, jurisdiction)
SELECT petition_version.id, recipient.id, petition_recipient.position,
    recipient.office, recipient.jurisdiction
FROM petition_version
JOIN petition_recipient ON petition_recipient.petition_id = petition_version.petition_id
JOIN recipient ON recipient.id = petition_recipient.recipient_id
"""


def upgrade() -> None:
    op.create_table(
        "petition_version_recipient",
        sa.Column("version_id", big_id, nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("office", sa.JSON(), nullable=False),
        sa.Column("jurisdiction", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["petition_version.id"],
            name=op.f("fk_petition_version_recipient_version_id_petition_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["recipient.id"],
            name=op.f("fk_petition_version_recipient_recipient_id_recipient"),
        ),
        sa.PrimaryKeyConstraint(
            "version_id", "recipient_id", name=op.f("pk_petition_version_recipient")
        ),
    )
    op.execute(COPY)
    op.drop_table("petition_recipient")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_GUARD)
        return
    for verb, rows in ROWS.items():
        signed = [f"EXISTS ({SIGNED.format(version=f'{row}.version_id')})" for row in rows]
        op.execute(SQLITE_GUARD.format(verb=verb, signed=" OR ".join(signed)))


def downgrade() -> None:
    raise NotImplementedError("a signed version keeps its recipients")
