"""
The worklist (今日待办): what is owed within a caller's reach, the most pressing first, and who is to do it.

Today's is read from rows. Any other one (as true on a day, as known at an instant)
is folded from the events that were known then, with the calendar, the staffing
and the offices of then; a test sees that both say the same of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from workflow.rules.case import Case
from workflow.rules.due import State, standing_state, state
from workflow.rules.errors import Refused
from workflow.rules.fold import fold
from workflow.rules.history import history_of
from workflow.rules.obligations.owed import OF_OLD_OFFICE, Obligation
from workflow.rules.plan import plan
from workflow.rules.team import Recipient, Seat, recipient, seat
from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_of
from workflow.services.case_files import CaseFile, load
from workflow.services.clock import AsOf
from workflow.services.pinning import packs_within
from workflow.services.placing import office_then
from workflow.services.projecting import Packs
from workflow.store import cases, people, placements, staff, worklists
from workflow.store import packs as kept_packs
from workflow.store.keyring import KeyRing
from workflow.store.names import name_in
from workflow.store.reach import Reach
from workflow.store.statements import Row
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork
from workflow.store.worklists import Place

__all__ = ["Asked", "Listed", "Place", "WorkItem", "listed", "listed_as_of", "worklist"]

SHOWN = frozenset({"upcoming", "open", "due_today", "overdue"})
WIDEST = 2_000
"""Cases folded for one view as of then: some seconds of one core."""
Leave = Mapping[str, str | None]
_Chair = tuple[str | None, date | None, bool]
"""Who sits there, by when they must say "I know", and whether they did."""


class WorkItem(NamedTuple):
    """
    One thing owed.

    Args:
        name: of the person, where it can still be read.
        owner: the role that owes it; `told` who stands behind that role on the day, and why.
        office_id: the office that owes it.
    """

    case_id: UUID
    subject_id: UUID
    name: str | None
    kind: str
    occurrence: str
    opens_on: date
    due_on: date
    state: State
    owner: str
    told: Recipient
    office_id: UUID | None

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return self.due_on, self.case_id, self.kind, self.occurrence


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked for.

    Args:
        coming_days: how far ahead what is still to open is shown.
        handle: only what this helper is to do, for themselves or as a deputy; None for all.
        now: of what was reached then, only what is reached now too; None for all of it.
        chair: only what the chairs of this helper owe, whoever is told of it meanwhile: a helper's own list.
    """

    reach: Reach
    coming_days: int = 7
    handle: str | None = None
    chair: str | None = None
    now: Reach | None = None

    @property
    def within(self) -> Reach:
        """The reach that counts: from a chair, that chair and nothing else."""
        return self.reach if self.chair is None else Reach(helper=self.chair)


@dataclass(frozen=True, slots=True)
class Listed:
    """
    A page of a worklist.

    Args:
        more: that there are others behind; the last row looked at, of which some may be another's, is `last`.
    """

    items: list[WorkItem]
    last: Place | None
    more: bool


def worklist(
    uow: UnitOfWork,
    asked: Asked,
    today: date,
    *,
    limit: int = 500,
    after: Place | None = None,
) -> list[WorkItem]:
    """The items of a page of it."""
    return listed(uow, asked, today, limit=limit, after=after).items


def listed(
    uow: UnitOfWork,
    asked: Asked,
    today: date,
    *,
    limit: int,
    after: Place | None = None,
) -> Listed:
    """
    What is owed today, by due day; read from the rows.

    Args:
        limit: rows looked at; what is not this helper's among them is left out afterwards.
        after: due day, case, kind and occurrence of the last row of the page before.
    """
    until = today + timedelta(days=asked.coming_days)
    leave = None if asked.handle is None else staff.on_leave(uow.session, today)
    found = worklists.owed(
        uow.asker,
        asked.within,
        today,
        until,
        limit=limit + 1,
        after=after,
        handles=_stands_for(asked.handle, leave) if asked.handle and leave is not None else None,
    )
    rows = found[:limit]
    if leave is None:
        leave = staff.on_leave(uow.session, today) if any(row.away for row in rows) else {}
    items = [_listed(row, uow.ring, today, leave) for row in rows]
    mine = [one for one in items if asked.handle in (None, one.told.helper)]
    return Listed(mine, items[-1].place if items else None, len(found) > limit)


def worklist_as_of(
    uow: UnitOfWork, asked: Asked, as_of: AsOf, *, packs: Packs, calendar: WorkDays | None = None
) -> list[WorkItem]:
    """
    The same as true on a day and as known at an instant, folded case by case.

    Args:
        calendar: the working days; None for those of this database, as known then.

    Raises:
        Refused: `view_too_wide`: there are too many cases to fold them for one view.
    """
    leave = staff.on_leave(uow.session, as_of.on, known_at=as_of.known_at)
    days = calendar if calendar is not None else work_days_of(uow, known_at=as_of.known_at)
    found: list[WorkItem] = []
    wanted = cases.ever_within(
        uow.session, asked.reach, as_of.known_at, now=asked.now, limit=WIDEST + 1
    )
    if len(wanted) > WIDEST:
        raise Refused("view_too_wide", most=WIDEST)
    for case_id in wanted:
        found += _items(uow, case_id, asked, as_of, leave, packs_within(uow, packs), days)
    return sorted(found, key=lambda one: one.place)


def listed_as_of(
    uow: UnitOfWork,
    asked: Asked,
    as_of: AsOf,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    limit: int,
    after: Place | None = None,
) -> Listed:
    """A page of the same; raises as `worklist_as_of`."""
    whole = worklist_as_of(uow, asked, as_of, packs=packs, calendar=calendar)
    behind = [one for one in whole if after is None or one.place > after]
    items = behind[:limit]
    return Listed(items, items[-1].place if items else None, len(behind) > limit)


def _items(
    uow: UnitOfWork,
    case_id: UUID,
    asked: Asked,
    as_of: AsOf,
    leave: Leave,
    packs: Packs,
    calendar: WorkDays,
) -> Iterator[WorkItem]:
    case_file = load(uow, case_id, known_at=as_of.known_at)
    policy: str | None = case_file.policy
    if as_of.known_at is not None:
        policy = kept_packs.pinned(uow.session, case_id, as_of.known_at)
    if policy is None:
        return  # nobody knew of the case then
    history = history_of(case_file.recorded)
    case = fold(history, packs(policy), calendar, as_of.on, team=case_file.team)
    until = as_of.on + timedelta(days=asked.coming_days)
    known = placements.of_case(uow.session, case_id, as_of.known_at)
    office_id, name = office_then(known, as_of.on), None
    for one in plan(case, until):
        is_now = state(one, as_of.on)
        office = _old_office(one, known) or office_id
        told = told_of(case, one.owner, as_of.on, leave)
        if is_now not in SHOWN or one.opens_on > until:
            continue
        if not _reaches(asked.within, case, one.owner, office):
            continue
        if asked.handle not in (None, told.helper):
            continue
        name = name or people.name_of(uow.session, uow.ring, case_file.subject_id)
        yield _item(case_file, one, is_now, told, office, name)


def told_of(case: Case, role: str, day: date, leave: Leave) -> Recipient:
    """Who is told on a day what a role owes in a case."""
    chair = case.chairs.get(role)
    held = None if chair is None else seat(case, chair)
    open_team = case.team_since is not None
    return recipient(role, day, team_open=open_team, seat=held, leave=leave)


def _item(
    case_file: CaseFile,
    one: Obligation,
    is_now: State,
    told: Recipient,
    office_id: UUID | None,
    name: str | None,
) -> WorkItem:
    return WorkItem(
        case_file.id,
        case_file.subject_id,
        name,
        one.kind,
        one.occurrence,
        one.opens_on,
        one.due_on,
        is_now,
        one.owner,
        told,
        office_id,
    )


def _reaches(reach: Reach, case: Case, role: str, office_id: UUID | None) -> bool:
    """Whether the caller reached it then: by the office that owed it, or from the chair."""
    if office_id in reach.offices or (reach.unplaced and office_id is None):
        return True
    chair = case.chairs.get(role)
    return chair is not None and chair.helper == reach.helper


def _old_office(one: Obligation, known: Sequence[Found]) -> UUID | None:
    if one.kind not in OF_OLD_OFFICE or one.opened_by.rec is None:
        return None
    moved = one.opened_by.rec.id
    return next((row.from_office_id for row in known if row.event_id == moved), None)


def _listed(row: Row, ring: KeyRing, today: date, leave: Leave) -> WorkItem:
    return WorkItem(
        row.case_id,
        row.subject_id,
        name_in(ring, row.subject_id, row.profile, row.root_key, row.wrapped),
        row.kind,
        row.occurrence,
        row.opens_on,
        row.due_on,
        standing_state(today, row.opens_on, row.due_on),
        row.owner,
        _told(row, today, leave),
        row.office_id,
    )


def _told(row: Row, today: date, leave: Leave) -> Recipient:
    team_open, known = row.team_since is not None, row.acknowledged_on is not None
    chair = (row.helper, row.acknowledge_by, known)
    if not row.away:
        return _told_here(row.owner, today, team_open, chair)
    return _behind(row.owner, today, team_open, chair, leave)


@lru_cache(maxsize=1 << 10)
def _told_here(role: str, today: date, team_open: bool, chair: _Chair) -> Recipient:
    """The same of a helper who is not on leave: a list asks it of a few chairs again and again."""
    return _behind(role, today, team_open, chair, {})


def _behind(role: str, today: date, team_open: bool, chair: _Chair, leave: Leave) -> Recipient:
    helper, by, known = chair
    held = None if helper is None else Seat(helper, by, known)
    return recipient(role, today, team_open=team_open, seat=held, leave=leave)


def _stands_for(handle: str, leave: Leave) -> frozenset[str]:
    """Who a helper does the work of: their own, and that of those for whom they deputise."""
    return frozenset({handle, *(away for away, deputy in leave.items() if deputy == handle)})
