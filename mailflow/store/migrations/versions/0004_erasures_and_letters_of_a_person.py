"""who asked to be forgotten; letters are looked up by their person and by what they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_letters_person", "letters", ["person_id", "created_at"])
    op.create_index("ix_letter_dues_about", "letter_dues", ["person_id", "duty_id", "period"])
