"""Gaps and recipients belong to a campaign, and a past standing of a gap never changes."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# In one statement: a table that SQLite makes anew would take its rows' children with it.
OWNER = """
ALTER TABLE {table} ADD COLUMN campaign_id {kind}
CONSTRAINT fk_{table}_campaign_id_campaign REFERENCES campaign (id)
"""
HOLDER = """
UPDATE gap SET campaign_id = COALESCE(
    (SELECT MIN(campaign_id) FROM campaign_gap WHERE gap_id = gap.id),
    (SELECT MIN(campaign_id) FROM petition WHERE gap_id = gap.id),
    (SELECT MIN(campaign_id) FROM letter_campaign WHERE gap_id = gap.id),
    (SELECT MIN(campaign_id) FROM event WHERE gap_id = gap.id)
)
"""
ADDRESSER = """
UPDATE recipient SET campaign_id = COALESCE(
    (
        SELECT MIN(petition.campaign_id) FROM petition_version_recipient
        JOIN petition_version ON petition_version.id = petition_version_recipient.version_id
        JOIN petition ON petition.id = petition_version.petition_id
        WHERE petition_version_recipient.recipient_id = recipient.id
    ),
    (
        SELECT MIN(letter_campaign.campaign_id) FROM letter_version_recipient
        JOIN letter_version ON letter_version.id = letter_version_recipient.version_id
        JOIN letter_campaign ON letter_campaign.id = letter_version.letter_campaign_id
        WHERE letter_version_recipient.recipient_id = recipient.id
    )
)
"""
NEVER_CHANGES = "gap_id, jurisdiction, status, as_of, source, source_url"
SQLITE_GUARD = f"""
CREATE TRIGGER past_standing_never_changes BEFORE UPDATE OF {NEVER_CHANGES} ON gap_standing
BEGIN
    SELECT RAISE(ABORT, 'past_standing_never_changes');
END
"""
POSTGRESQL_GUARD = f"""
CREATE FUNCTION refuse_to_change_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'past_standing_never_changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER past_standing_never_changes BEFORE UPDATE OF {NEVER_CHANGES} ON gap_standing
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_standing();
"""


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in ("gap", "recipient"):
        op.execute(OWNER.format(table=table, kind="INTEGER" if is_sqlite else "BIGINT"))
    op.execute(HOLDER)
    op.execute(ADDRESSER)
    op.execute(SQLITE_GUARD if is_sqlite else POSTGRESQL_GUARD)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER past_standing_never_changes")
    else:
        op.execute("DROP TRIGGER past_standing_never_changes ON gap_standing")
        op.execute("DROP FUNCTION refuse_to_change_standing")
    for table in ("gap", "recipient"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN campaign_id")
