"""Links to signatures and to letters are in one table, and say alike that they were used."""

import sqlalchemy as sa
from alembic import op

from petition.migrations.frozen.columns import big_id, utc

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

FROM_SIGNATURES = """
INSERT INTO mailed_link (token_hash, signature_id, purpose, number, expires_at, used_at, pressed,
                         given, given_key)
SELECT token_hash, signature_id, purpose, mail_number, expires_at, used_at, pressed, given, given_key
FROM signature_link
"""
FROM_LETTERS = """
INSERT INTO mailed_link (token_hash, letter_id, purpose, expires_at, used_at, pressed)
SELECT token_hash, letter_id, purpose, expires_at,
       CASE WHEN purpose = 'confirm' AND letter.state <> 'awaiting' THEN letter.confirmed_at END,
       pressed
FROM letter_link JOIN letter ON letter.id = letter_link.letter_id
"""
"""So far a link to a letter was used when the letter waited for no confirmation any more."""
TO_SIGNATURES = """
INSERT INTO signature_link (token_hash, signature_id, purpose, mail_number, expires_at, used_at,
                            pressed, given, given_key)
SELECT token_hash, signature_id, purpose, number, expires_at, used_at, pressed, given, given_key
FROM mailed_link WHERE signature_id IS NOT NULL
"""
TO_LETTERS = """
INSERT INTO letter_link (token_hash, letter_id, purpose, expires_at, pressed)
SELECT token_hash, letter_id, purpose, expires_at, pressed
FROM mailed_link WHERE letter_id IS NOT NULL
"""


def _purpose(name: str) -> sa.Enum:
    return sa.Enum(
        "confirm", "manage", name=name, native_enum=False, create_constraint=True, length=20
    )


def _index_given(table: str) -> None:
    only = sa.text("given IS NOT NULL")
    name = f"ix_{table}_given"
    op.create_index(name, table, ["expires_at"], postgresql_where=only, sqlite_where=only)


def upgrade() -> None:
    op.create_table(
        "mailed_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature_id", big_id, nullable=True),
        sa.Column("letter_id", big_id, nullable=True),
        sa.Column("purpose", _purpose("link_purpose"), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=True),
        sa.Column("expires_at", utc, nullable=False),
        sa.Column("used_at", utc, nullable=True),
        sa.Column("pressed", sa.LargeBinary(length=32), nullable=True),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("given_key", sa.String(length=8), nullable=True),
        sa.CheckConstraint(
            "(signature_id IS NULL) <> (letter_id IS NULL)",
            name=op.f("ck_mailed_link_opens_one_thing"),
        ),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 2", name=op.f("ck_mailed_link_two_confirmation_mails")
        ),
        sa.CheckConstraint(
            "(purpose = 'confirm' AND signature_id IS NOT NULL) = (number IS NOT NULL)",
            name=op.f("ck_mailed_link_numbered_to_confirm"),
        ),
        sa.CheckConstraint(
            "(given IS NULL) = (given_key IS NULL)",
            name=op.f("ck_mailed_link_given_has_its_key"),
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signature.id"],
            name=op.f("fk_mailed_link_signature_id_signature"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_mailed_link_letter_id_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_mailed_link")),
        sa.UniqueConstraint("signature_id", "number", name="mails_to_confirm_are_numbered"),
    )
    op.execute(FROM_SIGNATURES)
    op.execute(FROM_LETTERS)
    op.create_index(op.f("ix_mailed_link_letter_id"), "mailed_link", ["letter_id"])
    op.create_index(op.f("ix_mailed_link_expires_at"), "mailed_link", ["expires_at"])
    _index_given("mailed_link")
    op.drop_table("signature_link")
    op.drop_table("letter_link")


def downgrade() -> None:
    _make_table_of_signatures()
    _make_table_of_letters()
    op.execute(TO_SIGNATURES)
    op.execute(TO_LETTERS)
    op.drop_table("mailed_link")


def _make_table_of_signatures() -> None:
    op.create_table(
        "signature_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature_id", big_id, nullable=False),
        sa.Column("purpose", _purpose("link_purpose"), nullable=False),
        sa.Column("mail_number", sa.Integer(), nullable=True),
        sa.Column("expires_at", utc, nullable=False),
        sa.Column("used_at", utc, nullable=True),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("given_key", sa.String(length=8), nullable=True),
        sa.Column("pressed", sa.LargeBinary(length=32), nullable=True),
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
    op.create_index(op.f("ix_signature_link_expires_at"), "signature_link", ["expires_at"])
    _index_given("signature_link")


def _make_table_of_letters() -> None:
    op.create_table(
        "letter_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("letter_id", big_id, nullable=False),
        sa.Column("purpose", _purpose("letter_link_purpose"), nullable=False),
        sa.Column("expires_at", utc, nullable=False),
        sa.Column("pressed", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["letter.id"],
            name=op.f("fk_letter_link_letter_id_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_letter_link")),
    )
    op.create_index(op.f("ix_letter_link_letter_id"), "letter_link", ["letter_id"])
    op.create_index(op.f("ix_letter_link_expires_at"), "letter_link", ["expires_at"])
