"""Whom a petition is addressed to belongs to the version that is signed, and is guarded with it."""

import sqlalchemy as sa
from alembic import op

from petition.core.columns import big_id

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SIGNED = """
SELECT 1 FROM signature JOIN petition_text ON petition_text.id = signature.text_id
WHERE petition_text.version_id = {row}.version_id
"""
POSTGRESQL_GUARD = f"""
CREATE FUNCTION refuse_to_change_signed_recipients() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched petition_version_recipient := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF EXISTS ({SIGNED.format(row="touched")}) THEN
        RAISE EXCEPTION 'signed_recipients_never_change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed_recipients_never_change
    BEFORE INSERT OR UPDATE OR DELETE ON petition_version_recipient
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_signed_recipients();
"""
SQLITE_GUARD = """
CREATE TRIGGER signed_recipients_never_change_by_{verb} BEFORE {verb} ON petition_version_recipient
WHEN EXISTS ({signed})
BEGIN
    SELECT RAISE(ABORT, 'signed_recipients_never_change');
END
"""
COPY = """
INSERT INTO petition_version_recipient (version_id, recipient_id, position)
SELECT petition_version.id, petition_recipient.recipient_id, petition_recipient.position
FROM petition_version
JOIN petition_recipient ON petition_recipient.petition_id = petition_version.petition_id
"""


def upgrade() -> None:
    op.create_table(
        "petition_version_recipient",
        sa.Column("version_id", big_id, nullable=False),
        sa.Column("recipient_id", big_id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
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
    for verb in ("INSERT", "UPDATE", "DELETE"):
        signed = SIGNED.format(row="NEW" if verb == "INSERT" else "OLD")
        op.execute(SQLITE_GUARD.format(verb=verb, signed=signed))


def downgrade() -> None:
    raise NotImplementedError("a signed version keeps its recipients")
