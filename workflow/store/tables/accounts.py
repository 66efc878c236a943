"""The accounts (账号): who may log in as what, their sessions and tokens, and what slows guessing down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class AccountRow(Row, table=True):
    """
    One account.

    Args:
        handle: how one logs in, and how records name who wrote them; of staff, the handle of the staff list.
        role: of `workflow.rules.access.ROLES`.
        staff_id: the member of staff whose postings say which offices are reached.
        office_id: the office of an integration, which no staff stands behind.
        password_hash: argon2id; None for those who use tokens only.
        must_change: that the password was set by somebody else, and opens nothing but its own change.
    """

    __tablename__ = "accounts"

    id: UUID = Field(primary_key=True)
    handle: str = Field(sa_type=String(64), unique=True)
    role: str = Field(sa_type=String(20))
    staff_id: UUID | None = Field(default=None, foreign_key="staff.id", unique=True)
    office_id: UUID | None = Field(default=None, foreign_key="offices.id")
    password_hash: str | None = Field(default=None, sa_type=String(200))
    must_change: bool = False
    created_at: datetime = Field(sa_type=UTCDateTime)
    created_by: str = Field(sa_type=String(64))
    disabled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    disabled_by: str | None = Field(default=None, sa_type=String(64))


class SessionRow(Row, table=True):
    """
    One login of a browser, or one token of a device or an integration; revocable on the server.

    Args:
        kind: `browser` or `token`.
        digest: SHA-256 of the secret, which is kept nowhere.
        label: what a token is for, in its owner's words.
        idle_minutes: how long it may lie unused; None for a token.
        used_at: when it was last used, to the minute.
    """

    __tablename__ = "sessions"

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="accounts.id", index=True)
    kind: str = Field(sa_type=String(16))
    digest: bytes = Field(sa_type=LargeBinary, unique=True)
    label: str | None = Field(default=None, sa_type=String(100))
    idle_minutes: int | None = None
    created_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_by: str | None = Field(default=None, sa_type=String(64))


class ThrottleRow(Row, table=True):
    """
    Failed logins from one place: an address, or one handle tried from one address.

    Never one handle from everywhere, which would let anybody lock anybody out.
    """

    __tablename__ = "throttles"

    bucket: bytes = Field(primary_key=True, sa_type=LargeBinary)
    failures: int
    last_at: datetime = Field(sa_type=UTCDateTime, index=True)
    blocked_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
