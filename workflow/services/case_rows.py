"""
The rows of a case: each made from what it is computed from, and the difference to those that are there.

Rows are tuples in the order of their table's columns, from the rules to the driver.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from workflow.rules.case import Case, Chair, Fact
from workflow.rules.obligations.owed import Obligation
from workflow.rules.team import acknowledge_by
from workflow.rules.telling import Notice
from workflow.store import cases, chairs, obligations, outlooks, rungs, stays
from workflow.store.many import Values
from workflow.store.statements import Order
from workflow.store.tables import Found


@dataclass(slots=True)
class Written:
    """The rows that a projection writes, for all its cases together."""

    added: list[Values] = field(default_factory=list)
    changed: list[Values] = field(default_factory=list)
    removed: list[tuple[UUID, str, str]] = field(default_factory=list)
    seen: list[Values] = field(default_factory=list)
    left_stays: list[tuple[UUID, int]] = field(default_factory=list)
    stays: list[Values] = field(default_factory=list)
    seated: list[UUID] = field(default_factory=list)
    chairs: list[Values] = field(default_factory=list)
    rung: list[UUID] = field(default_factory=list)
    rungs: list[Values] = field(default_factory=list)
    dates: list[Values] = field(default_factory=list)
    outlooks: list[tuple[UUID, bytes, str]] = field(default_factory=list)
    without_outlook: list[UUID] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows change: none on a second run. What is only there to save work is not counted."""
        owed = len(self.added) + len(self.changed) + len(self.removed) + len(self.seen)
        return owed + sum(len(rows) for rows in (self.stays, self.chairs, self.rungs, self.dates))

    def orders(self) -> list[Order]:
        """What writes them: a few statements, however many cases there are."""
        return [
            obligations.to_remove(self.removed),
            obligations.to_add(self.added),
            obligations.to_change(self.changed),
            obligations.to_see(self.seen),
            *stays.to_put(self.left_stays, self.stays),
            *chairs.to_put(self.seated, self.chairs),
            *rungs.to_put(self.rung, self.rungs),
            outlooks.to_drop(self.without_outlook),
            outlooks.to_put(self.outlooks),
            cases.to_set_dates(self.dates),
        ]

    def note_stays(self, case_id: UUID, case: Case, held: Sequence[Found]) -> None:
        """The stretches in the stages from the first that differs."""
        known = list(map(tuple, held))
        way = [(case_id, n, s.stage, s.first, name_of(s.by)) for n, s in enumerate(case.stays, 1)]
        if known == way:
            return
        same = 0
        while same < min(len(known), len(way)) and known[same] == way[same]:
            same += 1
        self.left_stays += [(case_id, row[1]) for row in known[same:]]
        self.stays += way[same:]

    def note_chairs(self, case_id: UUID, case: Case, held: Sequence[Found]) -> None:
        """The chairs, where they are others."""
        seats = _chairs(case_id, case)
        if differ(seats, held):
            self.seated.append(case_id)
            self.chairs += seats

    def note_rungs(self, case_id: UUID, told: Sequence[Values], held: Sequence[Found]) -> None:
        """The rungs to come, where they are others."""
        if differ(told, held):
            self.rung.append(case_id)
            self.rungs += told


def differ(wanted: Sequence[Values], held: Sequence[Found]) -> bool:
    """Whether rows that are wanted are others than those that are held; their order does not count."""
    return len(wanted) != len(held) or set(wanted) != set(map(tuple, held))


def name_of(fact: Fact) -> str:
    """The id of a recorded event, or the name of what the calendar brought about."""
    return fact.rec.id if fact.rec else fact.name


def obligation_row(
    case_id: UUID, one: Obligation, measure: int | None, office_id: UUID | None
) -> Values:
    """
    The row of an obligation, as `obligations.COLUMNS`.

    Args:
        measure: the ordinal of its measure.
        office_id: the office that owes it while it stands.
    """
    closed_by = one.closed_by
    return (
        case_id,
        one.kind,
        one.occurrence,
        one.opens_on,
        one.due_on,
        one.owner,
        name_of(one.opened_by),
        closed_by.on if closed_by else None,
        name_of(closed_by) if closed_by else None,
        one.ended_on,
        one.withdrawn,
        one.missed_by.on if one.missed_by else None,
        one.excused_by.on if one.excused_by else None,
        one.held_since,
        one.paused,
        one.nominal_days,
        one.window,
        measure,
        office_id,
    )


def rung_rows(case_id: UUID, told: Iterable[Notice]) -> list[Values]:
    """The rows of what will be told, as `rungs.COLUMNS`."""
    return [(case_id, n.kind, n.occurrence, n.on, n.to, n.role, n.rung) for n in told]


def _chairs(case_id: UUID, case: Case) -> list[Values]:
    """Those who sit in a chair, and the chairs that were waived, as `chairs.COLUMNS`."""
    seated = [_chair(case_id, case, chair) for chair in case.chairs.values()]
    waived = [(case_id, role, None, fact.on, None, None) for role, fact in case.waived.items()]
    return seated + waived


def _chair(case_id: UUID, case: Case, chair: Chair) -> Values:
    known = chair.acknowledged.on if chair.acknowledged else None
    taken: date | None = chair.assigned.on if chair.assigned else known
    assert taken is not None
    return (case_id, chair.role, chair.helper, taken, acknowledge_by(case, chair), known)
