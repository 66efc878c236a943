"""
Messages carry notices to people: what is in each, who tried, what came of it; inboxes; how somebody wants to be told.
Runs have an account, and alarms are kept.

Revision: ff1b78cb4eb5
Follows: 3b9f6c2d8e41
Date: 2026-11-26 17:00 UTC
"""

import sqlalchemy as sa
from alembic import op

revision = "ff1b78cb4eb5"
down_revision = "3b9f6c2d8e41"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run_accounts",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("unnamed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_run_accounts_run_id_runs")
        ),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_run_accounts")),
    )
    op.create_table(
        "alarms",
        sa.Column("for_day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("for_day", "what", name=op.f("pk_alarms")),
    )
    op.create_table(
        "contacts",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("addresses", sa.LargeBinary(), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("digest_at", sa.String(length=5), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_contacts_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_contacts")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("as_role", sa.String(length=64), nullable=False),
        sa.Column("sort", sa.String(length=16), nullable=False),
        sa.Column("for_day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("places", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_to", sa.Uuid(), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_messages_office_id_offices")
        ),
        sa.ForeignKeyConstraint(
            ["passed_to"], ["messages.id"], name=op.f("fk_messages_passed_to_messages")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "recipient", "for_day", "sort", "subject", name="uq_messages_one_a_day"
        ),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_for_day", ["for_day"], unique=False)
        batch_op.create_index(
            "ix_messages_waiting",
            ["next_at", "id"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.create_table(
        "attempts",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_attempts_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("message_id", "number", name=op.f("pk_attempts")),
    )
    op.create_table(
        "inbox",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=64), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_inbox_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_recipient", ["recipient", "delivered_at"], unique=False)

    op.create_table(
        "message_items",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("occurrence", sa.String(length=64), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("told_to", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.String(length=20), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_items_message_id_messages")
        ),
        sa.PrimaryKeyConstraint(
            "case_id",
            "kind",
            "occurrence",
            "told_on",
            "told_to",
            "message_id",
            name=op.f("pk_message_items"),
        ),
    )
    with op.batch_alter_table("message_items", schema=None) as batch_op:
        batch_op.create_index("ix_message_items_message_id", ["message_id"], unique=False)
        batch_op.create_index(
            "ix_message_items_reassigned",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("withdrawn_because = 'reassigned'"),
            postgresql_where=sa.text("withdrawn_because = 'reassigned'"),
        )

    # What was told before there were messages was told by hand: none is made up for it.
    op.execute(
        "INSERT INTO stamps (key, value) SELECT 'planned_through', CAST(max(told_on) AS VARCHAR(10))"
        " FROM notices HAVING max(told_on) IS NOT NULL"
    )


def downgrade() -> None:
    raise NotImplementedError("it would delete every message, and who was told what")
