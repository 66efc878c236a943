"""Where the packs that cases are pinned to are kept, and which pack counts for a case since when. Neither is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from workflow.store.many import Inserting
from workflow.store.reach import Reach, within
from workflow.store.tables import CaseRow, Found, PackRow, PinRow, table_of

PACKS, PINS, CASES = table_of(PackRow), table_of(PinRow), table_of(CaseRow)
_ADD = Inserting(PACKS, ("name", "digest", "content", "recorded_at"), known_stay=True)


def is_known(session: Session, name: str) -> bool:
    """Whether the content of this pack is kept."""
    return session.execute(select(PACKS.c.name).where(PACKS.c.name == name)).first() is not None


def find(session: Session, name: str) -> Found | None:
    """What is kept under this name, or None."""
    return session.execute(select(PACKS).where(PACKS.c.name == name)).first()


def names(session: Session) -> Sequence[str]:
    """The names of all packs that are kept."""
    return session.execute(select(PACKS.c.name).order_by(PACKS.c.name)).scalars().all()


def add(
    session: Session, name: str, *, digest: bytes, content: Mapping[str, Any], at: datetime
) -> None:
    """Keep a pack; what is kept under its name already, by whoever was first, stays."""
    _ADD.run(session, [(name, digest, dict(content), at)])


def if_rolled_back(session: Session, then: Callable[[], None]) -> None:
    """Call this if the transaction comes to nothing: somebody remembers what it was about to keep."""
    event.listen(session, "after_rollback", lambda _: then(), once=True)


def pin(session: Session, case_id: UUID, name: str, *, at: datetime, by: str) -> int:
    """Let a kept pack count for a case from now on; gives back the number of the pin."""
    last = select(func.max(PINS.c.number)).where(PINS.c.case_id == case_id)
    number = int(session.execute(last).scalar() or 0) + 1
    row = {"number": number, "pack": name, "recorded_at": at, "recorded_by": by}
    session.execute(insert(PINS), [{"case_id": case_id, **row}])
    session.execute(update(CASES).where(CASES.c.id == case_id).values(policy=name))
    return number


def pinned(session: Session, case_id: UUID, known_at: datetime | None = None) -> str | None:
    """The pack that counts for a case, as known at an instant; None where it has no pin by then."""
    query = select(PINS.c.pack).where(PINS.c.case_id == case_id)
    if known_at is not None:
        query = query.where(PINS.c.recorded_at <= known_at)
    found = session.execute(query.order_by(PINS.c.number.desc()).limit(1)).scalar()
    return None if found is None else str(found)


def pins_of(session: Session, case_id: UUID) -> Sequence[Found]:
    """Every pin of a case, the first one first."""
    query = select(PINS).where(PINS.c.case_id == case_id)
    return session.execute(query.order_by(PINS.c.number)).all()


def open_cases(
    session: Session, name: str, after: UUID | None, limit: int, reach: Reach | None = None
) -> Sequence[UUID]:
    """The open cases within reach for which this pack counts, in the order of ids, from after one of them on."""
    query = select(CASES.c.id).where(CASES.c.policy == name, CASES.c.ended_on.is_(None))
    if reach is not None:
        query = query.where(within(reach))
    if after is not None:
        query = query.where(CASES.c.id > after)
    return session.execute(query.order_by(CASES.c.id).limit(limit)).scalars().all()


def count_open_cases(session: Session, name: str) -> int:
    """How many these are in all."""
    query = select(func.count()).where(CASES.c.policy == name, CASES.c.ended_on.is_(None))
    return int(session.execute(query).scalar() or 0)
