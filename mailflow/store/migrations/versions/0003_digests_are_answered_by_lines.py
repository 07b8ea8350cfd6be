"""digests are answered by lines, tokens and workbooks; excuses, deputies, frozen months."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.alter_column("message_ref", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("by", sa.String(length=255), nullable=False, server_default=""))
    with op.batch_alter_table("letter_dues", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
    op.create_table(
        "tokens",
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=255), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_tokens_submission_id_submissions")
        ),
        sa.ForeignKeyConstraint(["used_by"], ["messages.id"], name=op.f("fk_tokens_used_by_messages")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_submission_id"), "tokens", ["submission_id"])
    op.create_table(
        "excuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=255), nullable=False),
        sa.Column("duty_id", sa.String(length=255), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("message_ref", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_ref"], ["messages.id"], name=op.f("fk_excuses_message_ref_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excuses")),
    )
    op.create_index("ix_excuses_key", "excuses", ["person_id", "duty_id", "period"])
    op.create_table(
        "deputies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=255), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("message_ref", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["message_ref"], ["messages.id"], name=op.f("fk_deputies_message_ref_messages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputies")),
    )
    op.create_table(
        "months",
        sa.Column("month", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("workbook", sa.LargeBinary(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("month", "number", name=op.f("pk_months")),
    )
