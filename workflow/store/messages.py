"""
Where the messages that wait are taken, and what came of them is written down; some hundred a statement.

Whoever takes a message has it until `claimed_until`, under a `fence` that is one higher each time it is
taken. What it writes afterwards is found by id and fence, so that whoever was away for too long writes
nothing: the message is somebody else's by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, insert, or_, select, tuple_, update
from sqlalchemy.orm import Session

from workflow.store.many import Inserting, Updating
from workflow.store.notices import OF
from workflow.store.statements import Order, Row, Statement, ask
from workflow.store.tables import MessageItemRow, MessageRow, UTCDateTime, table_of

MESSAGES, ITEMS = table_of(MessageRow), table_of(MessageItemRow)
_TAKEN = ("claimed_by", "claimed_until")

_SEEN = (
    "id",
    "recipient",
    "as_role",
    "sort",
    "for_day",
    "office_id",
    "content",
    "places",
    "place",
    "tries",
    "fence",
    "claimed_by",
    "next_at",
)
"""What whoever takes a message has to know of it."""


class Place(NamedTuple):
    """How far one has gone through what waits."""

    next_at: datetime
    id: UUID


def _is_free() -> ColumnElement[bool]:
    """That it is nobody's any more, at an instant."""
    now = bindparam("now", type_=UTCDateTime())
    return or_(MESSAGES.c.claimed_until.is_(None), MESSAGES.c.claimed_until <= now)


_DUE = (
    select(*(MESSAGES.c[name] for name in _SEEN))
    .where(MESSAGES.c.next_at <= bindparam("now", type_=UTCDateTime()), _is_free())
    .order_by(MESSAGES.c.next_at, MESSAGES.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
_AFTER = tuple_(MESSAGES.c.next_at, MESSAGES.c.id) > tuple_(
    bindparam("after_at", type_=UTCDateTime()), bindparam("after_id", type_=MESSAGES.c.id.type)
)
_FIRST, _NEXT = Statement(_DUE), Statement(_DUE.where(_AFTER))


def due(session: Session, now: datetime, most: int, after: Place | None = None) -> list[Row]:
    """
    The messages whose time has come and which nobody is at, the longest waiting first; held until this transaction ends.

    What another transaction holds is passed over.

    Args:
        after: only what comes after this place.
    """
    values = {"now": now, "most": most}
    if after is None:
        return ask(session, [(_FIRST, values)])[0]
    return ask(session, [(_NEXT, {**values, "after_at": after.next_at, "after_id": after.id})])[0]


def any_due(session: Session, now: datetime) -> bool:
    """Whether there is any message whose time has come and which nobody is at."""
    waiting = select(MESSAGES.c.id).where(MESSAGES.c.next_at <= now, _is_free()).limit(1)
    return session.connection().execute(waiting, {"now": now}).first() is not None


def hold(session: Session, now: datetime, until: datetime) -> int:
    """Let everything whose time has come wait until a later instant, as in quiet hours; gives back how much."""
    waits = update(MESSAGES).where(MESSAGES.c.next_at <= now, _is_free())
    done = session.connection().execute(waits.values(next_at=until), {"now": now})
    return done.rowcount


# ------------------------------------------------------------------ taking


class Claim(NamedTuple):
    """Whose a message is now, for which of its places and for the how manieth time there; by the columns' names."""

    id: UUID
    claimed_by: str
    claimed_until: datetime
    fence: int
    place: int
    tries: int


_TAKE = Updating(MESSAGES, Claim._fields, keys=1)
_FIX_AND_TAKE = Updating(MESSAGES, (*Claim._fields, "content", "places"), keys=1)


def to_claim(claims: Sequence[Claim]) -> Order:
    """These are taken; held by this transaction."""
    return _TAKE, claims


Fixed = tuple[dict[str, object], Sequence[str]]
"""The content of a message and its places, which never change again."""


def to_fix_and_claim(claims: Sequence[tuple[Claim, Fixed]]) -> Order:
    """These are taken for the first time, and what they say is fixed."""
    return _FIX_AND_TAKE, [(*claim, *fixed) for claim, fixed in claims]


# ------------------------------------------------------------------ what came of it

Held = tuple[UUID, int]
"""A message by its id, and the fence under which it was taken."""

_SENT = Updating(
    MESSAGES, ("id", "fence", "sent_at", "channel"), keys=2, emptied=("next_at", *_TAKEN)
)
_AGAIN = Updating(MESSAGES, ("id", "fence", "next_at", "place", "tries"), keys=2, emptied=_TAKEN)
_PASSED = Updating(
    MESSAGES, ("id", "fence", "passed_at", "passed_to"), keys=2, emptied=("next_at", *_TAKEN)
)
_WITHDRAWN = Updating(MESSAGES, ("id", "withdrawn_at"), keys=1, emptied=("next_at", *_TAKEN))
_FAILED = Updating(
    MESSAGES,
    ("id", "fence", "failed_at", "failure", "owner"),
    keys=2,
    emptied=("next_at", *_TAKEN),
    only_without="withdrawn_at",
)


def to_be_sent(sent: Sequence[tuple[UUID, int, datetime, str]]) -> Order:
    """Id and fence of messages, when each was sent, and by which channel."""
    return _SENT, sent


def to_go_again(later: Sequence[tuple[UUID, int, datetime, int, int]]) -> Order:
    """Id and fence of messages, when each is looked at next, at which of its places, and how often it was tried there."""
    return _AGAIN, later


def to_withdraw(message_ids: Sequence[UUID], now: datetime) -> Order:
    """These messages have nothing left to say; held by this transaction."""
    return _WITHDRAWN, [(message_id, now) for message_id in message_ids]


def to_be_passed(passed: Sequence[tuple[UUID, int, datetime, UUID]]) -> Order:
    """Id and fence of messages, when each was passed on, and to which other one."""
    return _PASSED, passed


def to_fail(failed: Sequence[tuple[UUID, int, datetime, str, str]]) -> Order:
    """Id and fence of messages, when each failed, why, and which role has to see to it; one withdrawn meanwhile stays so."""
    return _FAILED, failed


_HELD = (
    select(*(MESSAGES.c[name] for name in _SEEN))
    .where(MESSAGES.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(MESSAGES.c.id)
    .with_for_update(key_share=True)
)


def held(session: Session, held: Sequence[Held]) -> list[Row]:
    """Of these messages those that are still whose they were, so that nobody takes them until this transaction ends."""
    fences = dict(held)
    if not fences:
        return []
    found = session.connection().execute(_HELD, {"ids": list(fences)}).all()
    return [row for row in found if row.fence == fences[row.id] and row.claimed_by is not None]


# ------------------------------------------------------------------ passing on


class New(NamedTuple):
    """A message for one more person, by the columns' names."""

    id: UUID
    recipient: str
    as_role: str
    sort: str
    for_day: date
    subject: str
    office_id: UUID | None
    planned_at: datetime
    send_from: datetime
    next_at: datetime
    place: int = 0
    tries: int = 0
    fence: int = 0


_ADD = Inserting(MESSAGES, New._fields, known_stay=True)


def to_add(new: Sequence[New]) -> Order:
    """New messages; one whose key is there already stays as it is."""
    return _ADD, new


_COPY = Statement(
    insert(ITEMS).from_select(
        [*OF, "message_id", "because"],
        select(
            *(ITEMS.c[name] for name in OF),
            bindparam("into", type_=ITEMS.c.message_id.type),
            bindparam("why", type_=ITEMS.c.because.type),
        ).where(
            ITEMS.c.message_id == bindparam("of", type_=ITEMS.c.message_id.type),
            ITEMS.c.withdrawn_at.is_(None),
        ),
    )
)


def to_copy_items(copies: Sequence[tuple[UUID, UUID, str]]) -> Order:
    """The items of the first message into the second, because of something; those taken out are left out."""
    return _COPY, [{"of": of, "into": into, "why": why} for of, into, why in copies]
