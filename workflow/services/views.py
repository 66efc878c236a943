"""
What a reader is shown of a case: plain values, dates as dates, sentences and labels in both languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflow.rules.due import State
from workflow.rules.events.fields import Means
from workflow.rules.moves import Offer
from workflow.rules.reasons.otherwise import Change, Inputs


@dataclass(frozen=True, slots=True)
class StageView:
    """A stretch in one stage, from its first day, and the event that began it."""

    on: date
    stage: str
    event: str


@dataclass(frozen=True, slots=True)
class TermView:
    """The term of one measure, both days included."""

    measure: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ChairView:
    """A chair that is filled; `acknowledged_on` is the day on which its helper said "I know"."""

    role: str
    helper: str
    assigned_on: date | None
    acknowledged_on: date | None


@dataclass(frozen=True, slots=True)
class TeamView:
    """The 4+X team: who sits where, which fixed chairs are empty or waived, which X roles a need suggests."""

    chairs: tuple[ChairView, ...]
    empty: tuple[str, ...]
    waived: tuple[str, ...]
    suggested: tuple[tuple[str, str], ...]

    def of(self, helper: str) -> TeamView:
        """What a helper sees of it: the chairs in which they sit."""
        return TeamView(tuple(one for one in self.chairs if one.helper == helper), (), (), ())


@dataclass(frozen=True, slots=True)
class ObligationView:
    """
    One obligation on a day: its state, who is told of it and why that one, and why it is owed.

    Args:
        pack: the one whose rule `kind` it is.
        inputs: what its days rest on; `would_change` what would settle it, take it away or move it.
    """

    kind: str
    label: Means
    occurrence: str
    opens_on: date
    due_on: date
    closed_on: date | None
    state: State
    owner: str
    told: str
    told_because: Means
    basis: str
    source: str
    why: Means
    pack: str
    inputs: Inputs
    would_change: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """
    One line of the timeline.

    Args:
        id: None for what the calendar brought about.
        out_of_stage: that a later entry left it in a stage which does not allow it.
        entered_late: that it was captured on a later day than it happened.
    """

    id: str | None
    event: str
    label: Means
    on: date
    at: datetime | None
    recorded_on: date | None
    recorded_by: str | None
    approved_by: str | None
    fields: Mapping[str, Any]
    closes: tuple[tuple[str, str], ...]
    voided: bool
    out_of_stage: bool
    entered_late: bool


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One thing that was told: on which day, on which rung, to whom."""

    on: date
    kind: str
    occurrence: str
    rung: str
    role: str
    to: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """
    A case on a day.

    Args:
        stage: `new` while nothing has happened.
        ends_on: of the measure in force, or of the last one.
        exit_on: None while there is none; `exit_projected` while its anchor is still to come.
        next_step: what is due first; where nothing is open, what opens first; None only for a case that ended.
        moves: every type of event that could be recorded, and why the others cannot.
    """

    id: UUID
    person_id: UUID
    name: str | None
    policy: str
    version: int
    on: date
    opened_on: date
    ended_on: date | None
    stage: str
    stages: tuple[StageView, ...]
    terms: tuple[TermView, ...]
    ends_on: date | None
    exit_on: date | None
    exit_projected: bool
    exit_barred: bool
    counters: Mapping[str, int]
    team: TeamView
    obligations: tuple[ObligationView, ...]
    next_step: ObligationView | None
    events: tuple[EventView, ...]
    notices: tuple[NoticeView, ...]
    moves: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class StepView:
    """The next step of a case in the list of all."""

    kind: str
    occurrence: str
    opens_on: date
    due_on: date
    owner: str
    state: State


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One case in the list of all; `stage` is `new` while nothing has happened."""

    case_id: UUID
    name: str | None
    policy: str
    stage: str
    since: date
    opened_on: date
    ended_on: date | None
    next_step: StepView | None
    overdue: int
