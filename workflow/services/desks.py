"""
The supervisor's desk (督办): exceptions, not streams. What is overdue and who owns it, empty chairs, nobody unaware.

Within the caller's reach, read from today's rows. Names are opened only for the rows that are shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.rules.events.fields import FIXED_ROLES
from workflow.rules.team import OFFICE, Recipient, Seat, recipient
from workflow.services.gaps import AHEAD, TODAY, GapsFound, gaps
from workflow.services.staffing import names_of
from workflow.services.worklists import Asked, WorkItem, worklist
from workflow.store import desks, offices, people, runs, staff
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

SHOWN = 50
"""Rows of each list; the number of all stands beside it."""


@dataclass(frozen=True, slots=True)
class Owner:
    """
    Who owes something, and how much of it.

    Args:
        role: the role that owes it, with the helper in its chair where there is one.
        office: the office that owes it.
        because: why somebody else is told (`empty`, `unacknowledged`, `on_leave`, `deputy`), or `chair`.
        late: what is overdue, by age: up to 3, 7, 30 days, longer.
        today, later: what is due today, and what is open and due later.
        oldest: the first due day.
    """

    role: str
    helper: str | None
    name: str | None
    office: str | None
    because: str
    late: tuple[int, ...]
    today: int
    later: int
    oldest: date

    @property
    def overdue(self) -> int:
        """All that is overdue."""
        return sum(self.late)


@dataclass(frozen=True, slots=True)
class Late:
    """One thing overdue, and who was told of it last: what has been tried."""

    item: WorkItem
    told_on: date | None
    told_to: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """
    A gap in one case: an empty chair, a helper who has not said "I know", a hand-over without receipt.

    Args:
        helper: what the helper is called; their handle where the name cannot be read.
        since: the day by which it should have been closed, or from which it is open.
    """

    case_id: UUID
    person: str | None
    role: str | None = None
    helper: str | None = None
    office: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """The first gaps of one kind, and how many there are."""

    total: int
    first: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last sweep: the day that it was for, and when it ended (None: it has not)."""

    for_day: date
    ended_at: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class Desk:
    """
    Everything on one desk.

    Args:
        missing: who is missing today beside the empty chairs, and who will be.
    """

    open_cases: int
    owners: tuple[Owner, ...]
    late: tuple[Late, ...]
    empty: Gaps
    unaware: Gaps
    unreceived: Gaps
    stepless: Gaps
    missing: GapsFound
    last_run: LastRun | None

    @property
    def overdue(self) -> int:
        """All that is overdue within reach."""
        return sum(one.overdue for one in self.owners)

    @property
    def due_today(self) -> int:
        """All that is due today."""
        return sum(one.today for one in self.owners)


def desk(uow: UnitOfWork, reach: Reach, today: date) -> Desk:
    """The desk of whoever reaches these cases, on a day."""
    session = uow.session
    named = _Names.of(uow, today)
    empty = desks.empty_chairs(session, reach, FIXED_ROLES, SHOWN)
    unaware = desks.unaware(session, reach, today, SHOWN)
    unreceived = desks.unreceived(session, reach, SHOWN)
    stepless = desks.without_a_step(session, reach, SHOWN)
    named.learn(
        row.subject_id for _, rows in (empty, unaware, unreceived, stepless) for row in rows
    )
    named.staff = names_of(uow, {row.helper for row in unaware[1]})
    return Desk(
        open_cases=desks.open_cases(session, reach),
        owners=_owners(uow, reach, today, named),
        late=_late(uow, reach, today),
        empty=_gaps(empty, named),
        unaware=_gaps(unaware, named, since="acknowledge_by"),
        unreceived=_gaps(unreceived, named, since="from_on"),
        stepless=_gaps(stepless, named, since="opened_on"),
        missing=gaps(uow, reach, today, limit=SHOWN, kinds=(*TODAY, *AHEAD)),
        last_run=_last_run(uow),
    )


@dataclass(slots=True)
class _Names:
    """What ids and handles are called."""

    uow: UnitOfWork
    offices: Mapping[UUID, str]
    staff: Mapping[str, str]
    people: dict[UUID, str | None]

    @classmethod
    def of(cls, uow: UnitOfWork, today: date) -> _Names:
        return cls(uow, offices.names_on(uow.session, today), {}, {})

    def learn(self, subjects: Iterable[UUID]) -> None:
        """Open the names of these persons."""
        found = people.profiles_of(self.uow.session, self.uow.ring, set(subjects))
        self.people |= {root: profile.name for root, profile in found.items()}


def _owners(uow: UnitOfWork, reach: Reach, today: date, named: _Names) -> tuple[Owner, ...]:
    """By owner, the most overdue first; one row for each helper, role, office and reason."""
    leave = staff.on_leave(uow.session, today)
    groups: dict[tuple[str, str | None, UUID | None, str], list[Found]] = defaultdict(list)
    for row in desks.by_owner(uow.session, reach, today):
        to = _told(row, today, leave)
        groups[row.owner, row.helper, row.office_id, to.because].append(row)
    handles = {helper for _, helper, _, _ in groups if helper is not None}
    names = names_of(uow, handles)
    found = [_owner(key, rows, names, named.offices) for key, rows in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.overdue, one.oldest, one.role)))


def _told(row: Found, today: date, leave: Mapping[str, str | None]) -> Recipient:
    held = None
    if row.helper is not None:
        by = None if not row.late_to_know else date.min
        held = Seat(row.helper, by, row.acknowledged)
    return recipient(row.owner, today, team_open=row.team_open, seat=held, leave=leave)


def _owner(
    key: tuple[str, str | None, UUID | None, str],
    rows: Sequence[Found],
    names: Mapping[str, str],
    called: Mapping[UUID, str],
) -> Owner:
    role, helper, office_id, because = key
    late = tuple(sum(getattr(row, f"late_{n}") for row in rows) for n in range(4))
    return Owner(
        role=role,
        helper=helper if role not in OFFICE else None,
        name=names.get(helper) if helper else None,
        office=called.get(office_id) if office_id else None,
        because=because,
        late=late,
        today=sum(row.today for row in rows),
        later=sum(row.coming for row in rows),
        oldest=min(row.oldest for row in rows),
    )


def _late(uow: UnitOfWork, reach: Reach, today: date) -> tuple[Late, ...]:
    """What is overdue, the oldest first."""
    items = worklist(uow, Asked(reach, coming_days=0), today, limit=SHOWN)
    late = [one for one in items if one.state == "overdue"]
    told = {
        (row.case_id, row.kind, row.occurrence): row
        for row in desks.last_told(
            uow.session, [(one.case_id, one.kind, one.occurrence) for one in late]
        )
    }
    found = []
    for one in late:
        row = told.get((one.case_id, one.kind, one.occurrence))
        found.append(Late(one, row.told_on if row else None, row.told_to if row else None))
    return tuple(found)


def _gaps(found: tuple[int, Sequence[Found]], named: _Names, since: str | None = None) -> Gaps:
    total, rows = found
    return Gaps(total, tuple(_gap(row._asdict(), named, since) for row in rows))


def _gap(row: Mapping[str, object], named: _Names, since: str | None) -> Gap:
    office, subject, day = row.get("office_id"), row["subject_id"], row.get(since or "")
    case_id, role, helper = row["case_id"], row.get("role"), row.get("helper")
    assert isinstance(case_id, UUID)
    assert isinstance(subject, UUID)
    return Gap(
        case_id=case_id,
        person=named.people.get(subject),
        role=str(role) if role is not None else None,
        helper=named.staff.get(str(helper), str(helper)) if helper is not None else None,
        office=named.offices.get(office) if isinstance(office, UUID) else None,
        since=day if isinstance(day, date) else None,
    )


def _last_run(uow: UnitOfWork) -> LastRun | None:
    rows = runs.latest(uow.session, runs.SWEEP)
    if not rows:
        return None
    row = rows[0]
    failed = len(runs.failures_of(uow.session, row.id))
    return LastRun(row.for_day, row.ended_at, failed)
