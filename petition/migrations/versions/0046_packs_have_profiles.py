"""A pack is made for a kind of body, and may hold words of whoever asked for it.

Those before were for the office of a government, and had no such words. Going back, the words are
deleted with their column.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

PROFILES = ("minister", "uk-paper", "canada-paper", "european-parliament")
PROFILE, WORDS = "ck_delivery_pack_pack_profile", "ck_delivery_pack_words_have_their_key"


def upgrade() -> None:
    with op.batch_alter_table("delivery_pack") as pack:
        pack.add_column(
            sa.Column("profile", sa.String(length=20), nullable=False, server_default="minister")
        )
        pack.add_column(sa.Column("words_box", sa.LargeBinary(), nullable=True))
        pack.add_column(sa.Column("words_key", sa.String(length=8), nullable=True))
        pack.create_check_constraint(op.f(PROFILE), sa.column("profile").in_(PROFILES))
        pack.create_check_constraint(op.f(WORDS), "(words_box IS NULL) = (words_key IS NULL)")
    with op.batch_alter_table("delivery_pack") as pack:
        pack.alter_column("profile", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("delivery_pack") as pack:
        for rule in (PROFILE, WORDS):
            pack.drop_constraint(op.f(rule), type_="check")
        for column in ("words_key", "words_box", "profile"):
            pack.drop_column(column)
