"""Organisers make presets for their team, and an export may be made by one, or be of several files.

Going back, the file of such an export is deleted, and what is being made is cancelled; its record
names what is nearest. The presets themselves are lost.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from petition.migrations.frozen.columns import big_id, utc
from petition.migrations.frozen.export_jobs import give_up

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

PRESETS = (
    *("spreadsheet", "names", "mailing_list", "action_network", "civicrm", "civicrm_activities"),
    *("nationbuilder", "npsp", "mailchimp", "brevo", "engaging_networks", "actionkit", "osdi"),
)
FIELDS = (
    *("name", "given_name", "family_name", "email", "country", "country_name", "postcode"),
    *("language", "locale", "mail_allowed", "mail_question", "mail_answered_at", "signed_at"),
    *("confirmed_at", "confirmed_day", "reason", "visibility", "signature", "reference"),
    *("petition", "petition_version", "text_language", "state", "on_hold"),
)
SPLITS = ("whole", "country", "size")
RULES = {
    "has_a_name": "name <> '' AND name_key <> ''",
    "days_in_order": "last_day >= first_day",
    "names_what_it_narrows_to": "countries <> '' AND languages <> ''",
    "names_its_keys": "required_keys <> ''",
    "retired_after_it_was_made": "retired_at >= made_at",
}
IS_NAMED = "(preset = 'own') = (own_preset_id IS NOT NULL)"
LIVING = sa.text("retired_at IS NULL")
NEAREST = """
UPDATE export SET preset = CASE
    WHEN (SELECT consenting FROM own_preset WHERE own_preset.id = own_preset_id)
    THEN 'mailing_list' ELSE 'spreadsheet' END, scope = CASE
    WHEN (SELECT consenting FROM own_preset WHERE own_preset.id = own_preset_id)
    THEN 'confirmed' ELSE scope END
WHERE preset = 'own'
"""


def upgrade() -> None:
    _make_presets()
    _make_columns()
    with op.batch_alter_table("export") as export:
        export.add_column(sa.Column("own_preset_id", big_id, nullable=True))
        split = sa.Column("split", sa.String(length=20), server_default="whole", nullable=False)
        export.add_column(split)
        export.create_foreign_key(
            op.f("fk_export_own_preset_id_own_preset"), "own_preset", ["own_preset_id"], ["id"]
        )
        _allow(export, (*PRESETS, "own"))
        export.create_check_constraint(
            op.f("ck_export_export_split"), sa.column("split").in_(SPLITS)
        )
        export.create_check_constraint(
            op.f("ck_export_names_its_own_preset"), sa.text(IS_NAMED)
        )
    with op.batch_alter_table("export") as export:
        export.alter_column("split", server_default=None)


def _make_presets() -> None:
    op.create_table(
        "own_preset",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("consenting", sa.Boolean(), nullable=False),
        sa.Column("for_spreadsheets", sa.Boolean(), nullable=False),
        sa.Column("required_keys", sa.Text(), nullable=True),
        sa.Column("countries", sa.Text(), nullable=True),
        sa.Column("languages", sa.Text(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("made_at", utc, nullable=False),
        sa.Column("retired_at", utc, nullable=True),
        sa.Column("instead_of_id", big_id, nullable=True),
        *(
            sa.CheckConstraint(sa.text(rule), name=op.f(f"ck_own_preset_{name}"))
            for name, rule in RULES.items()
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_own_preset_organiser_id_organiser")
        ),
        sa.ForeignKeyConstraint(
            ["instead_of_id"],
            ["own_preset.id"],
            name=op.f("fk_own_preset_instead_of_id_own_preset"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_preset")),
        sa.UniqueConstraint("instead_of_id", name=op.f("uq_own_preset_instead_of_id")),
    )
    op.create_index(
        "uq_own_preset_name",
        "own_preset",
        ["name_key"],
        unique=True,
        postgresql_where=LIVING,
        sqlite_where=LIVING,
    )


def _make_columns() -> None:
    op.create_table(
        "own_column",
        sa.Column("preset_id", big_id, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("heading", sa.String(length=60), nullable=False),
        sa.Column("heading_key", sa.Text(), nullable=False),
        sa.CheckConstraint(sa.column("field").in_(FIELDS), name=op.f("ck_own_column_own_field")),
        sa.CheckConstraint(
            sa.text("heading <> '' AND heading_key <> ''"),
            name=op.f("ck_own_column_has_a_heading"),
        ),
        sa.ForeignKeyConstraint(
            ["preset_id"], ["own_preset.id"], name=op.f("fk_own_column_preset_id_own_preset")
        ),
        sa.PrimaryKeyConstraint("preset_id", "position", name=op.f("pk_own_column")),
        sa.UniqueConstraint("preset_id", "field", name=op.f("uq_own_column_field")),
        sa.UniqueConstraint("preset_id", "heading_key", name=op.f("uq_own_column_heading")),
    )


def _allow(export: BatchOperations, presets: tuple[str, ...]) -> None:
    rule = op.f("ck_export_export_preset")
    export.drop_constraint(rule, type_="check")
    export.create_check_constraint(rule, sa.column("preset").in_(presets))


def downgrade() -> None:
    give_up("preset = 'own' OR split <> 'whole'")
    with op.batch_alter_table("export") as export:
        export.drop_constraint(op.f("ck_export_names_its_own_preset"), type_="check")
    op.execute(NEAREST)
    with op.batch_alter_table("export") as export:
        _allow(export, PRESETS)
        export.drop_constraint(op.f("fk_export_own_preset_id_own_preset"), type_="foreignkey")
        export.drop_column("own_preset_id")
        export.drop_constraint(op.f("ck_export_export_split"), type_="check")
        export.drop_column("split")
    op.drop_table("own_column")
    op.drop_table("own_preset")
