"""the mailbox by what it says of itself, who holds the store, what others have seen, and everybody who ever was."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column("marks", sa.Column("anchor_uid", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("marks", sa.Column("anchor", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("passes", _instant("sure_at", nullable=True))
    op.add_column("passes", sa.Column("played", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tokens", sa.Column("letter_key", sa.Text(), nullable=False, server_default=""))
    op.add_column("quarantine", sa.Column("asked", sa.Text(), nullable=False, server_default=""))
    op.add_column("letters", sa.Column("proposal", sa.JSON(), nullable=True))
    op.add_column("messages", sa.Column("subject_key", sa.String(length=16), nullable=False, server_default=""))
    op.create_index("ix_messages_subject_key", "messages", ["subject_key"])
    op.create_table(
        "mailboxes",
        sa.Column("account", sa.String(length=255), nullable=False),
        sa.Column("spelled", sa.String(length=255), nullable=False),
        sa.Column("username", sa.String(length=255), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("has_sent", sa.Boolean(), nullable=False, server_default=sa.true()),
        _instant("since"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "fence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fence")),
    )
    op.create_table("copies", _instant("copied_at"), sa.PrimaryKeyConstraint("copied_at", name=op.f("pk_copies")))
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("supervisor", sa.String(length=255), nullable=True),
        sa.Column("joined", sa.Date(), nullable=True),
        sa.Column("left", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("gone", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "shown",
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        _instant("at"),
        sa.PrimaryKeyConstraint("secret", name=op.f("pk_shown")),
    )
