"""Exports come as workbooks too, and for CiviCRM's activities, Engaging Networks and OSDI.

Going back, a record of one of these names what is nearest to it, its file is deleted, and what is
being made is cancelled.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.export_jobs import give_up

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

PRESETS = (
    *("spreadsheet", "names", "mailing_list", "action_network", "civicrm", "nationbuilder"),
    *("npsp", "mailchimp", "brevo", "actionkit"),
)
FORMATS = ("csv", "jsonl", "pdf")
NEW_PRESETS = ("civicrm_activities", "engaging_networks", "osdi")
NEW_FORMATS = ("xlsx",)
ARE_NEW = "format = 'xlsx' OR preset IN ('civicrm_activities', 'engaging_networks', 'osdi')"


def upgrade() -> None:
    _allow((*PRESETS, *NEW_PRESETS), (*FORMATS, *NEW_FORMATS))


def _allow(presets: tuple[str, ...], formats: tuple[str, ...]) -> None:
    with op.batch_alter_table("export") as export:
        for name, words in (("preset", presets), ("format", formats)):
            rule = op.f(f"ck_export_export_{name}")
            export.drop_constraint(rule, type_="check")
            export.create_check_constraint(rule, sa.column(name).in_(words))


def downgrade() -> None:
    give_up(ARE_NEW)
    op.execute("UPDATE export SET format = 'csv' WHERE format = 'xlsx' OR preset = 'osdi'")
    op.execute("UPDATE export SET preset = 'civicrm' WHERE preset = 'civicrm_activities'")
    op.execute(
        "UPDATE export SET preset = 'mailing_list' WHERE preset IN ('engaging_networks', 'osdi')"
    )
    _allow(PRESETS, FORMATS)
