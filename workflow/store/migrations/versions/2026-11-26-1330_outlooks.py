"""
Outlooks: what the sweep knows of a case without folding it.

Computed, so nothing is moved: each case gets its own when the sweep next folds it.

Revision: 4c0e8b6a2d71
Follows: da84d45e7bc5
Date: 2026-11-26 13:30 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "4c0e8b6a2d71"
down_revision = "da84d45e7bc5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outlooks",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outlooks_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_outlooks")),
    )


def downgrade() -> None:
    op.drop_table("outlooks")
