"""What was owed is fixed at the cutoff; whatever fell due before stays under the rule that it was told by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "closings",
        sa.Column("duty_id", sa.String(length=255), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        _instant("cutoff"),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("whose", sa.JSON(), nullable=False),
        sa.Column("rule", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=True),
        sa.Column("working", sa.JSON(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.String(length=32), nullable=False),
        _instant("closed_at"),
        sa.PrimaryKeyConstraint("duty_id", "period", name=op.f("pk_closings")),
    )
    op.create_table(
        "duties",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        _instant("since"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    op.create_table("old_rule", _instant("until"), sa.PrimaryKeyConstraint("until", name=op.f("pk_old_rule")))
    op.add_column("people", sa.Column("earlier", sa.JSON(), nullable=True))
    op.add_column("people", sa.Column("leaves", sa.JSON(), nullable=True))
    op.add_column("months", sa.Column("rules", sa.JSON(), nullable=True))
    passes = sa.table("passes", _instant("finished_at"))
    old_rule = sa.table("old_rule", _instant("until"))
    last = op.get_bind().execute(sa.select(sa.func.max(passes.c.finished_at))).scalar()
    if last is not None:
        op.bulk_insert(old_rule, [{"until": last}])
