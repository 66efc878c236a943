"""
Where notices are put into messages: those in no message yet, and what each of them is told by.

A notice is told to a role. Who is told depends on a few facts about its case (`SITUATION`), which thousands
of notices share: they are read once a situation, and one statement writes all the items.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.rules.team import OFFICE
from workflow.rules.terms import DAY
from workflow.store.many import Inserting, Values
from workflow.store.tables import (
    CaseRow,
    ChairRow,
    Found,
    MessageItemRow,
    NoticeRow,
    ObligationRow,
    table_of,
)

ITEMS, NOTICES = table_of(MessageItemRow), table_of(NoticeRow)
CASES, CHAIRS, OWED = table_of(CaseRow), table_of(ChairRow), table_of(ObligationRow)
OF = ("case_id", "kind", "occurrence", "told_on", "told_to")
"""What names a notice."""
PLANNED_THROUGH = "planned_through"
"""The stamp of the last day on which everything that was told went into messages."""
PERSON, STANDS_FOR_PERSON = "person", "community_worker"
"""Who is told what the person has to hear: they bring it to them, and there is no other channel to a person."""
REASSIGNED = "reassigned"
"""Why an item was taken out whose notice goes to somebody else now."""
NOWHERE = UUID(int=0)
"""Stands for no office where two rows are matched."""
LATE, KNOWN, TEAM, NO_NAMES, ELSEWHERE = 1, 2, 4, 8, 16
SITUATION = ("office_id", "told_to", "role", "helper", "flags")
TOLD = (*SITUATION, "message_id", "because")
_TYPES: Mapping[str, Any] = {
    **dict.fromkeys(TOLD, String()),
    "office_id": Uuid(),
    "message_id": Uuid(),
    "flags": Integer(),
}
_ADD = Inserting(ITEMS, (*OF, "message_id", "because"), known_stay=True)


@dataclass(frozen=True, slots=True)
class Situation:
    """
    What decides who is told a notice.

    Args:
        office_id: the office that owes it: the one that has the case, or the one that was left.
        told_to: the role that it was told to; `role` the rung's own.
        helper: who sits in the chair that it is about.
        late, known: that they have not said "I know" in time, and that they have said so.
        team_open: that the team stands.
        no_names: that the case names no helpers, as a worked case does.
        elsewhere: that an office owes it which has the case no more.
    """

    office_id: UUID | None
    told_to: str
    role: str
    helper: str | None
    late: bool
    known: bool
    team_open: bool
    no_names: bool
    elsewhere: bool

    @property
    def key(self) -> tuple[UUID, str, str, str, int]:
        """As `SITUATION` has it in the database."""
        flags = LATE * self.late + KNOWN * self.known + TEAM * self.team_open
        flags += NO_NAMES * self.no_names + ELSEWHERE * self.elsewhere
        return self.office_id or NOWHERE, self.told_to, self.role, self.helper or "", flags


@dataclass(frozen=True, slots=True)
class Pending:
    """
    Which notices are asked for: those in no message yet.

    Args:
        since: told on this day or later; the day before only what was taken out for somebody else to hear.
        at_once: the kinds that wait for no digest, by the name of the pack under which they do.
        after, through: of the cases after one and up to another, in the order of ids.
    """

    since: date
    at_once: Mapping[str, frozenset[str]]
    after: UUID | None = None
    through: UUID | None = None


# ------------------------------------------------------------------ what is in no message yet


def part_end(session: Session, since: date, after: UUID | None, size: int) -> UUID | None:
    """The case with which so many of the notices since a day have been gone through; None where these are the last."""
    query = select(NOTICES.c.case_id).where(NOTICES.c.told_on >= since)
    if after is not None:
        query = query.where(NOTICES.c.case_id > after)
    return session.execute(query.order_by(NOTICES.c.case_id).offset(size).limit(1)).scalar()


def situations(session: Session, pending: Pending) -> dict[Situation, int]:
    """The situations of those that go into a digest, and how many notices each has."""
    facts = _facts()
    query = _joined(select(*facts.values(), func.count()), pending).where(~_at_once(pending))
    rows = session.execute(query.group_by(*(literal_column(str(n)) for n in range(1, 6))))
    return {_situation(*row[:-1]): row[-1] for row in rows}


def at_once(session: Session, pending: Pending) -> list[tuple[Found, Situation]]:
    """Those that wait for no digest: case, kind, occurrence, day, and role told; each with its situation."""
    columns = [NOTICES.c[name] for name in OF]
    facts = _facts()
    query = _joined(select(*columns, *facts.values()), pending).where(_at_once(pending))
    rows = session.execute(query.order_by(*columns)).all()
    return [(row, _situation(*row[len(OF) :])) for row in rows]


def put(session: Session, pending: Pending, told: Sequence[tuple[Situation, UUID, str]]) -> None:
    """
    Put those that go into a digest into their messages.

    Args:
        told: by situation, the message of each who is told, and why they are.
    """
    if not told:
        return
    found = _told(session, told)
    facts = _facts()
    columns: list[ColumnElement[Any]] = [*(NOTICES.c[name] for name in OF)]
    query = _joined(select(*columns, found.c.message_id, found.c.because), pending)
    same = and_(*(facts[name] == found.c[name] for name in SITUATION))
    query = query.where(~_at_once(pending)).join(found, same)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ITEMS).from_select([*OF, "message_id", "because"], query)
    again = statement.on_conflict_do_update(
        index_elements=[*OF, "message_id"],
        set_={
            "withdrawn_at": None,
            "withdrawn_because": None,
            "because": statement.excluded.because,
        },
    )
    session.execute(again)


def add(session: Session, rows: Sequence[Values]) -> int:
    """Write items: what names the notice, the message, and why this person; those that are there stay."""
    return _ADD.run(session, rows)


# ------------------------------------------------------------------ how it is asked


def _facts() -> dict[str, ColumnElement[Any]]:
    """The columns of `SITUATION`."""
    late = and_(CHAIRS.c.acknowledge_by.is_not(None), CHAIRS.c.acknowledge_by < NOTICES.c.told_on)
    left = and_(OWED.c.office_id.is_not(None), OWED.c.office_id != CASES.c.office_id)
    flags = (
        _flag(late, LATE)
        + _flag(CHAIRS.c.acknowledged_on.is_not(None), KNOWN)
        + _flag(CASES.c.team_since.is_not(None), TEAM)
        + _flag(CASES.c.team == "standing", NO_NAMES)
        + _flag(left, ELSEWHERE)
    )
    nowhere = literal(NOWHERE, Uuid())
    return {
        "office_id": func.coalesce(OWED.c.office_id, CASES.c.office_id, nowhere),
        "told_to": NOTICES.c.told_to,
        "role": NOTICES.c.role,
        "helper": func.coalesce(CHAIRS.c.helper, ""),
        "flags": flags,
    }


def _flag(condition: ColumnElement[bool], value: int) -> ColumnElement[int]:
    return case((condition, value), else_=0)


def _joined(query: Select[Any], pending: Pending) -> Select[Any]:
    """The notices with their case, what is owed, and the chair that each is about."""
    chair = case(
        (NOTICES.c.told_to.in_(OFFICE), NOTICES.c.role),
        (NOTICES.c.told_to == PERSON, STANDS_FOR_PERSON),
        else_=NOTICES.c.told_to,
    )
    owed = and_(*(OWED.c[name] == NOTICES.c[name] for name in ("case_id", "kind", "occurrence")))
    seat = and_(CHAIRS.c.case_id == NOTICES.c.case_id, CHAIRS.c.role == chair)
    found = NOTICES.join(CASES, CASES.c.id == NOTICES.c.case_id).outerjoin(OWED, owed)
    return query.select_from(found.outerjoin(CHAIRS, seat)).where(*_pending(pending))


def _pending(pending: Pending) -> list[ColumnElement[bool]]:
    """Told since a day, of these cases, and in no message but one that it was taken out of for somebody else."""
    of = [ITEMS.c[name] == NOTICES.c[name] for name in OF]
    another = ITEMS.c.withdrawn_because == REASSIGNED
    stays = or_(ITEMS.c.withdrawn_because.is_(None), ~another)
    found = [
        NOTICES.c.told_on >= pending.since - DAY,
        or_(NOTICES.c.told_on >= pending.since, exists().where(*of, another).correlate(NOTICES)),
        ~exists().where(*of, stays).correlate(NOTICES),
    ]
    if pending.after is not None:
        found.append(NOTICES.c.case_id > pending.after)
    if pending.through is not None:
        found.append(NOTICES.c.case_id <= pending.through)
    return found


def _at_once(pending: Pending) -> ColumnElement[bool]:
    """That the pack of the case lets this kind wait for no digest; what the person has to hear never does."""
    kinds = {kind for of_pack in pending.at_once.values() for kind in of_pack}
    if not kinds:
        return NOTICES.c.told_to == PERSON
    packs = [
        and_(CASES.c.policy == name, NOTICES.c.kind.in_(sorted(of_pack)))
        for name, of_pack in sorted(pending.at_once.items())
        if of_pack
    ]
    return or_(false(), NOTICES.c.told_to == PERSON, *packs)


def _situation(office_id: UUID, told_to: str, role: str, helper: str, flags: int) -> Situation:
    return Situation(
        office_id=office_id if office_id != NOWHERE else None,
        told_to=told_to,
        role=role,
        helper=helper or None,
        late=bool(flags & LATE),
        known=bool(flags & KNOWN),
        team_open=bool(flags & TEAM),
        no_names=bool(flags & NO_NAMES),
        elsewhere=bool(flags & ELSEWHERE),
    )


def _told(session: Session, told: Sequence[tuple[Situation, UUID, str]]) -> FromClause:
    """Who is told, as rows to join with: handed over as one value, however many there are."""
    rows = [
        dict(zip(TOLD, (key[0].hex, *key[1:], message_id.hex, because), strict=True))
        for situation, message_id, because in told
        for key in (situation.key,)
    ]
    value = bindparam("told_rows", json.dumps(rows), String())
    if session.get_bind().dialect.name == "postgresql":
        columns = [column(name, _TYPES[name]) for name in TOLD]
        made = func.json_to_recordset(cast(value, postgresql.JSON)).table_valued(*columns)
        return made.render_derived(name="told", with_types=True)
    each = func.json_each(value).table_valued("value")
    taken = [
        func.json_extract(each.c.value, f"$.{name}", type_=_TYPES[name]).label(name)
        for name in TOLD
    ]
    return select(*taken).cte("told").prefix_with("MATERIALIZED")
