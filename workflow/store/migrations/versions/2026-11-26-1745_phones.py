"""
What each phone was given, whose people an account carried, and what a phone brought that waits for a person.

Revision: c5d07e1f4a92
Follows: ff1b78cb4eb5
Date: 2026-11-26 17:45 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "c5d07e1f4a92"
down_revision = "ff1b78cb4eb5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_phones_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phones")),
    )
    for column in ("account_id", "line"):
        op.create_index(op.f(f"ix_phones_{column}"), "phones", [column], unique=False)

    op.create_table(
        "carried",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_carried_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_carried_case_id_cases")),
        sa.PrimaryKeyConstraint("account_id", "case_id", name=op.f("pk_carried")),
    )

    op.create_table(
        "quarantine",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("brought_by", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_quarantine_case_id_cases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_case_id"), "quarantine", ["case_id"], unique=False)
    op.create_index(
        "ix_quarantine_waiting",
        "quarantine",
        ["brought_at", "id"],
        unique=False,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("it would delete every request that phones brought and nobody has decided on")
