"""
Where what is owed is read for a worklist: within a caller's reach, a page at a time, the first due first.

A county of a million cases is asked no more than one of a thousand: each office gives the first of
what it owes, by the index that stands in this order, and of these the first are taken. SQLite and
PostgreSQL say "of each the first" differently; all else is one question, worded once a shape.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    FromClause,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    union,
)

from workflow.store.due_sql import owed_on
from workflow.store.offices import as_known, covers
from workflow.store.reach import Reach
from workflow.store.statements import Asker, Row, Statement, ask, connection_of
from workflow.store.tables import (
    CaseRow,
    ChairRow,
    DataKeyRow,
    LeaveRow,
    ObligationRow,
    PersonRow,
    StaffRow,
    table_of,
)

CASES, CHAIRS, OWED = table_of(CaseRow), table_of(ChairRow), table_of(ObligationRow)
PEOPLE, DATA_KEYS = table_of(PersonRow), table_of(DataKeyRow)
STAFF, LEAVES = table_of(StaffRow), table_of(LeaveRow)
Place = tuple[date, UUID, str, str]
"""Due day, case, kind and occurrence: where a page ends."""

PLACE = ("due_on", "case_id", "kind", "occurrence")
SHOWN = (*PLACE, "opens_on", "owner", "office_id")
TODAY, UNTIL = (
    bindparam("today", type_=OWED.c.due_on.type),
    bindparam("until", type_=OWED.c.due_on.type),
)

MOST: Any = bindparam("most")


class Shape(NamedTuple):
    """
    What the question is made of; each is worded once.

    Args:
        offices, unplaced: what these offices owe, or what no office has.
        seat: what is owed from the chairs in which the caller sits.
        handles: of these only what is owed from the chairs of some helpers.
        behind: that a page was there before.
    """

    offices: bool
    unplaced: bool
    seat: bool
    handles: bool
    behind: bool


def owed(
    asker: Asker,
    reach: Reach,
    today: date,
    until: date,
    *,
    limit: int,
    after: Place | None = None,
    handles: Collection[str] | None = None,
) -> Sequence[Row]:
    """
    What stands, is not held and opens by a day, with the chair of the role that owes it, and whom it is about.

    A caller's offices owe it, or a chair in which they sit themselves, which may outlive the case. Beside it stands what opens the
    name of the person (sealed, with the data key), and whether the helper in the chair is on leave.

    Args:
        after: where the page before ended.
        handles: only what is owed by a role in whose chair one of these sits.
    """
    shape = Shape(
        bool(reach.offices),
        reach.unplaced,
        reach.helper is not None,
        handles is not None,
        after is not None,
    )
    if not (shape.offices or shape.unplaced or shape.seat):
        return []
    kind = connection_of(asker).dialect.name
    values: dict[str, Any] = {"today": today, "until": until, "most": limit}
    if shape.offices:
        values["offices"] = _listed(kind, sorted(reach.offices))
    if handles is not None:
        values["handles"] = _listed(kind, sorted(handles))
    if shape.seat:
        values["seat"] = reach.helper
    if after is not None:
        values |= {f"last_{name}": value for name, value in zip(PLACE, after, strict=True)}
    question = (_worded(kind, shape), values)
    return ask(asker, [question], planned_once=True)[0]


@lru_cache(maxsize=1 << 7)
def _worded(kind: str, shape: Shape) -> Statement:
    return Statement(_query(kind, shape))


def _listed(kind: str, values: Sequence[UUID] | Sequence[str]) -> Any:
    """Many values as one: an array, or what SQLite reads as a list."""
    if kind == "postgresql":
        return list(values)
    return json.dumps([each.hex if isinstance(each, UUID) else each for each in values])


# ------------------------------------------------------------------ the question


def _query(kind: str, shape: Shape) -> Select[Any]:
    branches = [_of_handles(kind, shape)] if shape.handles else list(_branches(kind, shape))
    found = branches[0] if len(branches) == 1 else union(*branches)
    every = found.subquery("every")
    place = [every.c[name] for name in PLACE]
    first = select(every).order_by(*place).limit(MOST).subquery("first")
    return _with_the_case(first)


def _with_the_case(first: FromClause) -> Select[Any]:
    """The rows of a page with the chair that owes them, whom they are about, and what opens the name."""
    seat = and_(CHAIRS.c.case_id == first.c.case_id, CHAIRS.c.role == first.c.owner)
    away = exists().where(
        STAFF.c.handle == CHAIRS.c.helper,
        LEAVES.c.staff_id == STAFF.c.id,
        as_known(LEAVES, None),
        covers(LEAVES, TODAY),
    )
    return (
        select(
            *first.c,
            CASES.c.subject_id,
            CASES.c.team_since,
            CHAIRS.c.helper,
            CHAIRS.c.acknowledge_by,
            CHAIRS.c.acknowledged_on,
            away.correlate(CHAIRS).label("away"),
            PEOPLE.c.profile,
            DATA_KEYS.c.root_key,
            DATA_KEYS.c.wrapped,
        )
        .select_from(first)
        .join(CASES, CASES.c.id == first.c.case_id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.subject_id)
        .outerjoin(DATA_KEYS, DATA_KEYS.c.owner_id == PEOPLE.c.id)
        .outerjoin(CHAIRS, seat)
        .order_by(*(first.c[name] for name in PLACE))
    )


def _branches(kind: str, shape: Shape) -> Iterator[Select[Any]]:
    if shape.offices:
        yield _of_offices_sqlite(shape) if kind == "sqlite" else _of_offices(shape)
    if shape.unplaced:
        yield _first(select(*_shown(OWED)).where(OWED.c.office_id.is_(None), *_asked(shape)))
    if shape.seat:
        mine = CHAIRS.c.helper == bindparam("seat")
        yield _first(_from_chairs().where(mine, *_asked(shape)))


def _of_offices(shape: Shape) -> Select[Any]:
    """PostgreSQL: of each office the first."""
    given: Any = func.unnest(bindparam("offices", type_=ARRAY(Uuid)))
    desk = given.table_valued(column("office_id", Uuid)).render_derived(name="desk")
    mine = select(*_shown(OWED)).where(OWED.c.office_id == desk.c.office_id, *_asked(shape))
    first = mine.order_by(*_place(OWED)).limit(MOST).lateral("of_office")
    return select(*first.c).select_from(desk.join(first, true()))


def _of_offices_sqlite(shape: Shape) -> Select[Any]:
    """SQLite: the same by the place of the rows."""
    desk = func.json_each(bindparam("offices", type_=String)).table_valued("value", name="desk")
    mine: Select[Any] = select(literal_column("obligations.rowid")).select_from(OWED)
    mine = mine.where(OWED.c.office_id == desk.c.value, *_asked(shape))
    first = mine.order_by(*_place(OWED)).limit(MOST).correlate(desk)
    shown = OWED.alias("shown")
    return select(*_shown(shown)).select_from(
        desk.join(shown, literal_column("shown.rowid").in_(first))
    )


def _of_handles(kind: str, shape: Shape) -> Select[Any]:
    """What is owed from the chairs of some helpers, as far as the caller's offices owe it, or it is their own chair."""
    ways: list[ColumnElement[bool]] = []
    if shape.offices:
        ways.append(_among(kind, OWED.c.office_id, "offices", Uuid()))
    if shape.unplaced:
        ways.append(OWED.c.office_id.is_(None))
    if shape.seat:
        ways.append(CHAIRS.c.helper == bindparam("seat"))
    theirs = _among(kind, CHAIRS.c.helper, "handles", String())
    return _first(_from_chairs().where(theirs, or_(*ways), *_asked(shape)))


def _among(kind: str, of: Column[Any], name: str, each: Uuid[Any] | String) -> ColumnElement[bool]:
    if kind == "postgresql":
        return of == func.any(bindparam(name, type_=ARRAY(each)))
    listed = func.json_each(bindparam(name, type_=String)).table_valued("value")
    return of.in_(select(listed.c.value))


def _from_chairs() -> Select[Any]:
    """What is owed, by way of the chairs that owe it."""
    seat = and_(OWED.c.case_id == CHAIRS.c.case_id, OWED.c.owner == CHAIRS.c.role)
    return select(*_shown(OWED)).select_from(CHAIRS.join(OWED, seat))


def _first(query: Select[Any]) -> Select[Any]:
    ordered = query.order_by(*_place(OWED)).limit(MOST).subquery()
    return select(*ordered.c)


def _asked(shape: Shape) -> Iterator[ColumnElement[bool]]:
    """What stands, is not held, opens by the day, and lies behind the page before."""
    yield owed_on(TODAY, UNTIL)
    if shape.behind:
        last = (bindparam(f"last_{name}", type_=OWED.c[name].type) for name in PLACE)
        yield tuple_(*_place(OWED)) > tuple_(*last)


def _place(table: FromClause) -> list[Any]:
    return [table.c[name] for name in PLACE]


def _shown(table: FromClause) -> list[Any]:
    return [table.c[name] for name in SHOWN]
