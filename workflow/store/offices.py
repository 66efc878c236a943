"""
Where the offices are read and written: which there were on a day, as known at an instant, and who was above whom.

Each office is a row; what it was called and whom it was under are spans of days. A
closed office belongs to its successor, or else to the office that it was last
under, so that nothing of it is out of everyone's reach.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Uuid,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from workflow.rules.obligations.owed import OF_OLD_OFFICE
from workflow.store.tables import (
    CaseRow,
    Found,
    ObligationRow,
    OfficeRow,
    OfficeSpanRow,
    PlacementRow,
    table_of,
)

OFFICES, SPANS = table_of(OfficeRow), table_of(OfficeSpanRow)
CASES, PLACEMENTS = table_of(CaseRow), table_of(PlacementRow)
OWED = table_of(ObligationRow)
DEEPEST = 100


@dataclass(frozen=True, slots=True)
class OfficeOn:
    """An office as it was on a day, with those below it by division, name and id."""

    id: UUID
    name: str
    division: str
    level: str
    parent_id: UUID | None
    span_id: UUID
    first_on: date
    below: tuple[OfficeOn, ...]


class new_id(FunctionElement[UUID]):  # noqa: N801 (it reads as the function of SQL that it is)
    """A random id that the database makes, so that many rows are written by one statement."""

    type = Uuid()
    inherit_cache = True


@compiles(new_id, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return "lower(hex(randomblob(16)))"


@compiles(new_id, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return "gen_random_uuid()"


# ------------------------------------------------------------------ what was known


def as_known(table: FromClause, at: datetime | None) -> ColumnElement[bool]:
    """The condition that leaves the rows held to be true at an instant; those of now without one."""
    if at is None:
        return table.c.withdrawn_at.is_(None)
    stood = or_(table.c.withdrawn_at.is_(None), table.c.withdrawn_at > at)
    return and_(table.c.recorded_at <= at, stood)


def covers(table: FromClause, day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """The condition that leaves the rows whose days include this one."""
    return and_(table.c.first_on <= day, or_(table.c.last_on.is_(None), table.c.last_on >= day))


# ------------------------------------------------------------------ one office


def find(session: Session, office_id: UUID) -> Found | None:
    """The office's row, or None where there is none of that id."""
    return session.execute(select(OFFICES).where(OFFICES.c.id == office_id)).first()


def exists(session: Session, office_id: UUID) -> bool:
    """Whether there is, or ever was, an office of that id."""
    return find(session, office_id) is not None


def spans_of(
    session: Session, office_id: UUID, *, known_at: datetime | None = None
) -> Sequence[Found]:
    """What it was called and whom it was under, from its first day on."""
    query = select(SPANS).where(SPANS.c.office_id == office_id, as_known(SPANS, known_at))
    return session.execute(query.order_by(SPANS.c.first_on)).all()


def ever_recorded(
    session: Session, office_id: UUID, *, name: str, parent_id: UUID | None, first_on: date
) -> bool:
    """Whether it was once recorded that it was so from that day on, whatever was found out later."""
    query = select(SPANS.c.id).where(
        SPANS.c.office_id == office_id,
        SPANS.c.name == name,
        SPANS.c.parent_id.is_(None) if parent_id is None else SPANS.c.parent_id == parent_id,
        SPANS.c.first_on == first_on,
    )
    return session.execute(query.limit(1)).first() is not None


def find_span(session: Session, span_id: UUID) -> Found | None:
    """One span, also one that was withdrawn."""
    return session.execute(select(SPANS).where(SPANS.c.id == span_id)).first()


def held_open(session: Session, office_id: UUID, on: date) -> bool:
    """
    Whether it is open on a day; if so nobody closes it until this transaction ends.

    To be asked before a case is placed with it, and before that case is held: who
    closes an office holds the tree first and the cases after it.
    """
    held = select(OFFICES.c.id).where(OFFICES.c.id == office_id).with_for_update(read=True)
    if session.execute(held).first() is None:
        return False
    query = select(SPANS.c.id).where(SPANS.c.office_id == office_id, as_known(SPANS, None))
    return session.execute(query.where(covers(SPANS, on))).first() is not None


# ------------------------------------------------------------------ the tree


def as_of(session: Session, *, on: date, known_at: datetime | None = None) -> tuple[OfficeOn, ...]:
    """The offices that were open on a day, as known at an instant: the topmost, each with those below."""
    query = (
        select(SPANS, OFFICES.c.division, OFFICES.c.level)
        .join(OFFICES, OFFICES.c.id == SPANS.c.office_id)
        .where(as_known(SPANS, known_at), covers(SPANS, on))
        .order_by(OFFICES.c.division, SPANS.c.name, OFFICES.c.id)
    )
    rows = session.execute(query).all()
    known = {row.office_id for row in rows}
    children: dict[UUID | None, list[Found]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    return _branches(children, None)


def _branches(
    children: Mapping[UUID | None, Sequence[Found]], parent_id: UUID | None
) -> tuple[OfficeOn, ...]:
    return tuple(
        OfficeOn(
            id=row.office_id,
            name=row.name,
            division=row.division,
            level=row.level,
            parent_id=row.parent_id,
            span_id=row.id,
            first_on=row.first_on,
            below=_branches(children, row.office_id),
        )
        for row in children.get(parent_id, ())
    )


def _standing(on: date, known_at: datetime | None) -> Select[Any]:
    """Each office that had opened by a day, and to which one (`upper_id`) it belonged on it."""
    begun = and_(as_known(SPANS, known_at), SPANS.c.first_on <= on)
    last = (
        select(SPANS.c.office_id, func.max(SPANS.c.first_on).label("first_on"))
        .where(begun)
        .group_by(SPANS.c.office_id)
        .subquery("last_spans")
    )
    heir = func.coalesce(SPANS.c.successor_id, SPANS.c.parent_id)
    upper = case((SPANS.c.last_on < on, heir), else_=SPANS.c.parent_id)
    same = and_(last.c.office_id == SPANS.c.office_id, last.c.first_on == SPANS.c.first_on)
    return select(SPANS.c.office_id, upper.label("upper_id")).join(last, same).where(begun)


def below_query(
    office_ids: Collection[UUID] | Select[Any], *, on: date, known_at: datetime | None = None
) -> Select[UUID]:
    """The ids of these offices, or of those that a query gives, and of all that belongs below them on a day, as a query."""
    standing = _standing(on, known_at).cte("standing")
    of = office_ids if isinstance(office_ids, Select) else sorted(office_ids)
    found = (
        select(standing.c.office_id)
        .where(standing.c.office_id.in_(of))
        .cte("below", recursive=True)
    )
    lower = select(standing.c.office_id).join(found, standing.c.upper_id == found.c.office_id)
    return select(found.union(lower).c.office_id)


def below(
    session: Session, office_id: UUID, *, on: date, known_at: datetime | None = None
) -> frozenset[UUID]:
    """
    The office and all that belongs below it on a day, closed ones under their successors; whose cases it may know.

    Empty where there was no such office on that day.
    """
    query = below_query([office_id], on=on, known_at=known_at)
    return frozenset(session.execute(query).scalars())


def below_all(session: Session, office_ids: Collection[UUID], *, on: date) -> frozenset[UUID]:
    """Several offices, and all that belongs below them on a day."""
    return frozenset(session.execute(below_query(office_ids, on=on)).scalars())


def any_known(session: Session) -> bool:
    """Whether there is any office at all."""
    return session.execute(select(OFFICES.c.id).limit(1)).first() is not None


def above(session: Session, office_id: UUID, *, on: date) -> Sequence[UUID]:
    """The office and those to which it belonged on a day, the nearest first."""
    standing = _standing(on, None).cte("standing")
    found = (
        select(standing.c.office_id, standing.c.upper_id, literal(0).label("height"))
        .where(standing.c.office_id == office_id)
        .cte("above", recursive=True)
    )
    upper = (
        select(standing.c.office_id, standing.c.upper_id, found.c.height + 1)
        .join(found, standing.c.office_id == found.c.upper_id)
        .where(found.c.height < DEEPEST)
    )
    climbed = found.union_all(upper)
    return session.execute(select(climbed.c.office_id).order_by(climbed.c.height)).scalars().all()


def names_on(session: Session, day: date) -> dict[UUID, str]:
    """What each office is called that is open on a day."""
    query = select(SPANS.c.office_id, SPANS.c.name).where(as_known(SPANS, None), covers(SPANS, day))
    return {row.office_id: row.name for row in session.execute(query)}


def uppers(session: Session, *, on: date) -> dict[UUID, UUID | None]:
    """Every office that had opened by a day, and the one to which it belonged on it."""
    return {row.office_id: row.upper_id for row in session.execute(_standing(on, None))}


def open_heir(session: Session, office_id: UUID, *, on: date) -> UUID | None:
    """The office itself if it is open on a day, else the first one to which it belongs that is; None for none."""
    way = above(session, office_id, on=on)
    query = select(SPANS.c.office_id).where(
        SPANS.c.office_id.in_(way), as_known(SPANS, None), covers(SPANS, on)
    )
    standing = set(session.execute(query).scalars())
    return next((each for each in way if each in standing), None)


def spans_under(session: Session, office_id: UUID, since: date) -> Sequence[Found]:
    """The spans of those that are directly under an office on a day or later."""
    lasts = or_(SPANS.c.last_on.is_(None), SPANS.c.last_on >= since)
    query = select(SPANS).where(SPANS.c.parent_id == office_id, as_known(SPANS, None), lasts)
    return session.execute(query.order_by(SPANS.c.office_id, SPANS.c.first_on)).all()


# ------------------------------------------------------------------ writing


def hold_tree(session: Session) -> None:
    """
    Nobody else changes the tree, or places a case in it, until this transaction ends.

    Two changes that are each right may be wrong together: a parent closes
    while another office moves under it. On SQLite there is one writer anyway.
    """
    held = select(OFFICES.c.id).order_by(OFFICES.c.id).with_for_update(key_share=True)
    session.execute(held).all()


def add(
    session: Session, office_id: UUID, *, division: str, level: str, at: datetime, by: str
) -> None:
    """Write a new office down; its first span says what it is called."""
    row = {"id": office_id, "division": division, "level": level}
    session.execute(insert(OFFICES), [{**row, "recorded_at": at, "recorded_by": by}])


def add_spans(
    session: Session, rows: Sequence[Mapping[str, Any]], *, at: datetime, by: str
) -> None:
    """Write spans down as known from an instant on."""
    if rows:
        session.execute(
            insert(SPANS), [{**row, "recorded_at": at, "recorded_by": by} for row in rows]
        )


def withdraw_spans(session: Session, span_ids: Collection[UUID], *, at: datetime, by: str) -> None:
    """From this instant on these are no longer held to be true; what they say stays readable."""
    ended = update(SPANS).where(SPANS.c.id.in_(span_ids), SPANS.c.withdrawn_at.is_(None))
    session.execute(ended.values(withdrawn_at=at, withdrawn_by=by))


def open_cases(session: Session, office_id: UUID) -> int:
    """How many open cases an office has; nobody else changes these until this transaction ends."""
    mine = select(CASES.c.id).where(CASES.c.office_id == office_id, CASES.c.ended_on.is_(None))
    held = mine.order_by(CASES.c.id).with_for_update().subquery()
    return int(session.execute(select(func.count()).select_from(held)).scalar_one())


def hand_open_cases_over(
    session: Session, office_id: UUID, successor_id: UUID, from_on: date, *, at: datetime, by: str
) -> None:
    """
    Place every open case of an office with another one, by three statements whatever their number.

    What is owed in them is the successor's; a file that the office still has to forward stays its own.

    A case that came to the office after `from_on` is the successor's from the
    day on which it came: the last placement says who has it.
    """
    mine = and_(CASES.c.office_id == office_id, CASES.c.ended_on.is_(None))
    came = (
        select(func.max(PLACEMENTS.c.from_on))
        .where(PLACEMENTS.c.case_id == CASES.c.id, PLACEMENTS.c.withdrawn_at.is_(None))
        .scalar_subquery()
    )
    values = {
        "id": new_id(),
        "case_id": CASES.c.id,
        "office_id": literal(successor_id, PLACEMENTS.c.office_id.type),
        "from_office_id": CASES.c.office_id,
        "from_on": case((came > from_on, came), else_=literal(from_on)),
        "recorded_at": literal(at, PLACEMENTS.c.recorded_at.type),
        "recorded_by": literal(by),
    }
    rows = select(*values.values()).where(mine)
    session.execute(insert(PLACEMENTS).from_select(list(values), rows))
    passed = update(OWED).where(
        OWED.c.office_id == office_id,
        OWED.c.case_id.in_(select(CASES.c.id).where(mine)),
        OWED.c.kind.not_in(OF_OLD_OFFICE),
    )
    session.execute(passed.values(office_id=successor_id))
    session.execute(update(CASES).where(mine).values(office_id=successor_id))
