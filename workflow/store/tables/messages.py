"""
The messages (消息) that carry notices to people: what is in each, when it goes out, who tried, what came of it.

A notice is told to a role; a message is for a person. One digest a person a day gathers what was told that
day; what cannot wait is a message of its own. Rows hold dates, never states (decision 0005): what waits has
`next_at`, and no other date beside it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime

WAITING = "next_at IS NOT NULL"
REASSIGNED = "withdrawn_because = 'reassigned'"


class MessageRow(Row, table=True):
    """
    One message for one person.

    Args:
        id: what the channels know it by, the same at every attempt.
        recipient: the handle of a member of staff or a helper.
        as_role: in which role they are told: their chair, `supervisor` or `county_office`.
        sort: `digest` (the day's), `later` (what was recorded after it, the same day), `at_once` (statutory,
            within a day), `alarm`.
        for_day: the day whose notices it gathers.
        subject: of `at_once` and `alarm`, what tells it from others of the day; empty for the day's one.
        office_id: whose list it stands on when nobody can be reached.
        send_from: never before this instant: the digest's hour, and no quiet hours.
        next_at: when it is looked at next; None once it was sent, withdrawn, passed on or failed.
        content: what it says, fixed at the first attempt, so that one id never has two contents.
        places: which of the recipient's channels are tried, in their order, fixed with the content.
        place: which of these is the present one, from 0.
        tries: attempts in the present channel.
        claimed_by, claimed_until, fence: who is at it, until when it is theirs, and how often it was taken.
        channel: by which it was sent.
        passed_to: the message that took its items to the next higher recipient.
        failure: why it reached nobody; its `owner` is the role that has to see to it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("recipient", "for_day", "sort", "subject", name="uq_messages_one_a_day"),
        Index(
            "ix_messages_waiting",
            "next_at",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
        Index("ix_messages_for_day", "for_day"),
    )

    id: UUID = Field(primary_key=True)
    recipient: str = Field(sa_type=String(64))
    as_role: str = Field(sa_type=String(64))
    sort: str = Field(sa_type=String(16))
    for_day: date
    subject: str = Field(default="", sa_type=String(200))
    office_id: UUID | None = Field(default=None, foreign_key="offices.id")
    planned_at: datetime = Field(sa_type=UTCDateTime)
    send_from: datetime = Field(sa_type=UTCDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    content: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    places: list[str] | None = Field(default=None, sa_type=JSON(none_as_null=True))
    place: int = 0
    tries: int = 0
    claimed_by: str | None = Field(default=None, sa_type=String(64))
    claimed_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    fence: int = 0
    channel: str | None = Field(default=None, sa_type=String(32))
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    passed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    passed_to: UUID | None = Field(default=None, foreign_key="messages.id")
    failed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    failure: str | None = Field(default=None, sa_type=String(64))
    owner: str | None = Field(default=None, sa_type=String(64))


class MessageItemRow(Row, table=True):
    """
    One notice in one message; the first five name the notice, whose own row says that there is such a case.

    Args:
        because: why this person: `chair`, `deputy`, `office`, or why somebody lower was not told: `empty`,
            `unacknowledged`, `on_leave`, `no_channel`, `nobody_posted`, `failed`.
        withdrawn_at, withdrawn_because: that it was taken out before it was sent, and why: `closed`,
            `withdrawn`, `acknowledged`, `dated_anew`, `held`, `ended`; `reassigned`: somebody else is told it.
    """

    __tablename__ = "message_items"
    __table_args__ = (
        Index("ix_message_items_message_id", "message_id"),
        Index(
            "ix_message_items_reassigned",
            "case_id",
            sqlite_where=text(REASSIGNED),
            postgresql_where=text(REASSIGNED),
        ),
    )

    case_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True, sa_type=String(64))
    occurrence: str = Field(primary_key=True, sa_type=String(64))
    told_on: date = Field(primary_key=True)
    told_to: str = Field(primary_key=True, sa_type=String(64))
    message_id: UUID = Field(primary_key=True, foreign_key="messages.id")
    because: str = Field(sa_type=String(20))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_because: str | None = Field(default=None, sa_type=String(20))


class AttemptRow(Row, table=True):
    """
    One attempt to send a message: who was told what, when, by which channel (告知台账). Written before the wire.

    Args:
        number: counts the attempts of a message, over all its channels.
        outcome: `sent`, `again` (it may go again), `refused` (not by this channel), `lost` (whoever was at it
            was never heard of again); None while it is under way.
        code: a stable word for what the other side answered; never its text.
    """

    __tablename__ = "attempts"

    message_id: UUID = Field(primary_key=True, foreign_key="messages.id")
    number: int = Field(primary_key=True)
    channel: str = Field(sa_type=String(32))
    fence: int
    begun_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: str | None = Field(default=None, sa_type=String(16))
    code: str | None = Field(default=None, sa_type=String(64))


class InboxRow(Row, table=True):
    """What lies in the inbox (收件箱) of somebody who has an account; once a message, whatever happens."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_recipient", "recipient", "delivered_at"),)

    message_id: UUID = Field(primary_key=True, foreign_key="messages.id")
    recipient: str = Field(sa_type=String(64))
    delivered_at: datetime = Field(sa_type=UTCDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class ContactRow(Row, table=True):
    """
    How one of the staff wants to be told.

    Args:
        addresses: by channel, as JSON sealed under their own data key.
        channels: which ones, the dearest first; those left out are not used.
        digest_at: `HH:MM`, within the hours allowed; None for the pack's.
        language: `zh` or `en`.
        version: how often it was set, so that nobody writes over what they have not seen.
    """

    __tablename__ = "contacts"

    staff_id: UUID = Field(primary_key=True, foreign_key="staff.id")
    addresses: bytes | None = Field(default=None, sa_type=LargeBinary)
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    digest_at: str | None = Field(default=None, sa_type=String(5))
    language: str = Field(default="zh", sa_type=String(2))
    version: int = 1
    updated_at: datetime = Field(sa_type=UTCDateTime)
    updated_by: str = Field(sa_type=String(64))
