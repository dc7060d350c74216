"""A signature knows from which address its owner came, and an export may hold some sources alone.

Going back, a file that was narrowed so, or that has the sources by a preset of a team's own, is
deleted, and what is being made is cancelled; such a preset is retired: without its sources it would
be another. A file with pieces that are kept deflated is deleted too: an older program would give
them out as they are kept. And who came by a source and has not been taken in yet waits in vain: an
older worker cannot read that arrival. So let a worker take in all that waits before going back.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.export_jobs import deflated, give_up, give_up_files

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

NARROWS = "countries <> '' AND languages <> ''"
FIELDS = (
    *("name", "given_name", "family_name", "email", "country", "country_name", "postcode"),
    *("language", "locale", "mail_allowed", "mail_question", "mail_answered_at", "signed_at"),
    *("confirmed_at", "confirmed_day", "reason", "visibility", "signature", "reference"),
    *("petition", "petition_version", "text_language", "state", "on_hold"),
)
HAS_SOURCES = """(
    sources IS NOT NULL OR id IN (SELECT preset_id FROM own_column WHERE field = 'source')
)"""
KNEW_SOURCES = f"""(
    sources IS NOT NULL
    OR own_preset_id IN (SELECT id FROM own_preset WHERE {HAS_SOURCES})
)"""  # noqa: S608 - our own words


def upgrade() -> None:
    op.add_column("signature", sa.Column("source", sa.String(length=32), nullable=True))
    for table in ("export", "own_preset"):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("sources", sa.Text(), nullable=True))
        _narrows(table, f"{NARROWS} AND sources <> ''")
    _allow((*FIELDS, "source"))


def _narrows(table: str, rule: str) -> None:
    name = op.f(f"ck_{table}_names_what_it_narrows_to")
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(name, type_="check")
        changed.create_check_constraint(name, sa.text(rule))


def _allow(fields: tuple[str, ...]) -> None:
    name = op.f("ck_own_column_own_field")
    with op.batch_alter_table("own_column") as column:
        column.drop_constraint(name, type_="check")
        column.create_check_constraint(name, sa.column("field").in_(fields))


def downgrade() -> None:
    give_up(KNEW_SOURCES)
    give_up_files(deflated())
    op.execute(f"UPDATE export SET numbers_kept = false WHERE {KNEW_SOURCES}")  # noqa: S608
    retired = "retired_at = made_at WHERE retired_at IS NULL"  # no clock that all have agreed on
    op.execute(f"UPDATE own_preset SET {retired} AND {HAS_SOURCES}")  # noqa: S608
    op.execute("DELETE FROM own_column WHERE field = 'source'")
    _allow(FIELDS)
    for table in ("export", "own_preset"):
        _narrows(table, NARROWS)
        with op.batch_alter_table(table) as changed:
            changed.drop_column("sources")
    op.drop_column("signature", "source")
