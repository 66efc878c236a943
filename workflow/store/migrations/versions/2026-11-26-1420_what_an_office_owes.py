"""
Each obligation that stands says which office owes it; worklists, cases and notices are read in their order by an index.

Revision: 3b9f6c2d8e41
Follows: 4c0e8b6a2d71
Date: 2026-11-26 14:20 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "3b9f6c2d8e41"
down_revision = "4c0e8b6a2d71"
branch_labels = None
depends_on = None

STANDING = "closed_on IS NULL AND missed_on IS NULL AND excused_on IS NULL AND ended_on IS NULL AND NOT withdrawn"
UNSETTLED = "closed_on IS NULL AND missed_on IS NULL AND excused_on IS NULL AND ended_on IS NULL"


def upgrade() -> None:
    op.execute(
        "UPDATE obligations SET office_id ="
        " (SELECT cases.office_id FROM cases WHERE cases.id = obligations.case_id)"
        f" WHERE office_id IS NULL AND {UNSETTLED}"
    )
    op.execute(
        f"UPDATE obligations SET office_id = NULL WHERE office_id IS NOT NULL AND NOT ({UNSETTLED})"
    )
    op.drop_index(op.f("ix_obligations_office_id"), "obligations")
    op.create_index(
        "ix_obligations_owing",
        "obligations",
        ["office_id", "due_on", "case_id", "kind", "occurrence"],
        unique=False,
        sqlite_where=sa.text(STANDING),
        postgresql_where=sa.text(STANDING),
    )
    op.create_index("ix_cases_opened_on", "cases", ["opened_on", "id"], unique=False)
    op.create_index("ix_notices_told_on", "notices", ["told_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_notices_told_on", "notices")
    op.drop_index("ix_cases_opened_on", "cases")
    op.drop_index("ix_obligations_owing", "obligations")
    op.create_index(op.f("ix_obligations_office_id"), "obligations", ["office_id"], unique=False)
    op.execute(
        "UPDATE obligations SET office_id = NULL WHERE office_id ="
        " (SELECT cases.office_id FROM cases WHERE cases.id = obligations.case_id)"
    )
