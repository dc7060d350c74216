"""Long work is a row that a worker does with progress; its files are sealed pieces.

An export from before has no job: its file was never kept. It was a CSV file for spreadsheets.
"""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

PRESETS = (
    *("spreadsheet", "names", "mailing_list", "action_network", "civicrm", "nationbuilder"),
    *("npsp", "mailchimp", "brevo", "actionkit"),
)
FORMATS = ("csv", "jsonl")
UNFINISHED = "state IN ('waiting', 'running')"


def _kinds(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    _make_jobs()
    _make_files()
    with op.batch_alter_table("export") as export:
        export.add_column(sa.Column("job_id", big_id, nullable=True))
        for name, words in (("preset", PRESETS), ("format", FORMATS)):
            column = sa.Column(name, sa.String(length=20), nullable=False, server_default=words[0])
            export.add_column(column)
            export.create_check_constraint(
                op.f(f"ck_export_export_{name}"), sa.column(name).in_(words)
            )
        export.create_foreign_key(op.f("fk_export_job_id_job"), "job", ["job_id"], ["id"])
        export.create_unique_constraint(op.f("uq_export_job_id"), ["job_id"])
    _make_downloads()


def _make_jobs() -> None:
    states = _kinds("job_state", "waiting", "running", "done", "failed", "cancelled")
    op.create_table(
        "job",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("asked_at", utc, nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("steps_done", sa.BigInteger(), nullable=False),
        sa.Column("steps", sa.BigInteger(), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("ended_at", utc, nullable=True),
        sa.Column("failure", _kinds("job_failure", "no_room", "fault", "lost"), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (claimed_by IS NOT NULL)", name=op.f("ck_job_runs_when_claimed")
        ),
        sa.CheckConstraint(
            f"({UNFINISHED}) = (ended_at IS NULL)", name=op.f("ck_job_ends_with_a_time")
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_job_fails_with_a_cause")
        ),
        sa.CheckConstraint(
            "steps_done >= 0 AND steps >= 0 AND claims >= 0", name=op.f("ck_job_counts_up")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"], ["organiser.id"], name=op.f("fk_job_organiser_id_organiser")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_job_organiser_id"), "job", ["organiser_id"])
    unfinished = sa.text(UNFINISHED)
    op.create_index(
        "ix_job_unfinished", "job", ["id"], postgresql_where=unfinished, sqlite_where=unfinished
    )


def _make_files() -> None:
    op.create_table(
        "made_file",
        sa.Column("job_id", big_id, autoincrement=False, nullable=False),
        sa.Column("file_key", sa.LargeBinary(), nullable=True),
        sa.Column("file_key_key", sa.String(length=8), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("whole_at", utc, nullable=True),
        sa.Column("gone_after", utc, nullable=True),
        sa.CheckConstraint(
            "(file_key IS NULL) = (file_key_key IS NULL)",
            name=op.f("ck_made_file_key_has_its_key"),
        ),
        sa.CheckConstraint(
            "(whole_at IS NULL) = (sha256 IS NULL) AND (whole_at IS NULL) = (gone_after IS NULL)",
            name=op.f("ck_made_file_whole_with_its_sum"),
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_made_file_job_id_job"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_made_file")),
    )
    op.create_index("ix_made_file_gone_after", "made_file", ["gone_after"])
    op.create_table(
        "file_piece",
        sa.Column("job_id", big_id, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["made_file.job_id"],
            name=op.f("fk_file_piece_job_id_made_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_file_piece")),
    )
    if op.get_bind().dialect.name == "postgresql":  # what is sealed cannot be made shorter
        op.execute("ALTER TABLE file_piece ALTER COLUMN content SET STORAGE EXTERNAL")


def _make_downloads() -> None:
    op.create_table(
        "export_download",
        sa.Column("id", big_id, sa.Identity(always=False), nullable=False),
        sa.Column("export_id", big_id, nullable=False),
        sa.Column("organiser_id", big_id, nullable=False),
        sa.Column("session_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", utc, nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_download_export_id_export")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_id"],
            ["organiser.id"],
            name=op.f("fk_export_download_organiser_id_organiser"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_download")),
    )
    op.create_index("ix_export_download_export", "export_download", ["export_id", "at"])


def downgrade() -> None:
    op.drop_table("export_download")
    with op.batch_alter_table("export") as export:
        export.drop_constraint(op.f("uq_export_job_id"), type_="unique")
        export.drop_constraint(op.f("fk_export_job_id_job"), type_="foreignkey")
        export.drop_column("job_id")
        for name in ("preset", "format"):
            export.drop_constraint(op.f(f"ck_export_export_{name}"), type_="check")
            export.drop_column(name)
    op.drop_table("file_piece")
    op.drop_table("made_file")
    op.drop_table("job")
